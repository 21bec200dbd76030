using Meshpulse.Core.Diagnosis.Rules;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Transcripts;

/// <summary>
/// All that console output told lately: whom each node printed of, and what of that is trouble. Bounded; what is older than a few intervals is forgotten.
/// </summary>
/// <param name="names">The name of an address, where there is one.</param>
/// <param name="keep">How long is remembered.</param>
internal sealed class TranscriptView(IReadOnlyDictionary<string, string> names, Duration keep)
{
    // Milliseconds: what Volt's users call a pothole, and what is a gap while nobody knows yet what is usual.
    private const double Late = 50;
    private const double LateAtFirst = 250;
    private const double Outage = 1_000;

    private const int FewestLost = 3;
    private const int MostNodes = 2_000;
    private const int MostPairs = 200_000;
    private const int MostPending = 100_000;
    private const string NoDatacenter = "no-datacenter";

    private static readonly Duration s_beginning = Duration.FromSeconds(10);
    private static readonly Duration s_around = Duration.FromSeconds(3);

    private readonly PriorityQueue<Trouble, long> _pending = new();
    private readonly PriorityQueue<(string Node, OwnReport Report), long> _own = new();
    private readonly List<Suspicion> _told = [];
    private readonly Dictionary<string, (WallTime At, List<string> Names, long Sent)> _lost = new(StringComparer.Ordinal);

    /// <summary>The nodes that a log is of, or is about.</summary>
    public Dictionary<string, NodeLog> Nodes { get; } = new(StringComparer.Ordinal);

    /// <summary>What the first printed of the second.</summary>
    public Dictionary<(string Observer, string Subject), PairLog> Pairs { get; } = [];

    /// <summary>Of whom each printed, and who printed of each.</summary>
    public Dictionary<string, HashSet<string>> Others { get; } = new(StringComparer.Ordinal);

    /// <summary>Takes a line's content in.</summary>
    public void Take(TranscriptEntry entry)
    {
        switch (entry)
        {
            case TranscriptRow row:
                TakeRow(row);
                break;
            case TranscriptEvent happened:
                TakeEvent(happened);
                break;
            case TranscriptSum sum:
                TakeSum(sum);
                break;
            default:
                break;
        }
    }

    /// <summary>What is to be judged: troubles that ended before a moment, in order.</summary>
    public IEnumerable<Trouble> Due(WallTime before)
    {
        while (_pending.TryPeek(out _, out var until) && until <= before.Nanoseconds)
        {
            yield return _pending.Dequeue();
        }
    }

    /// <summary>Reports in which a node was late by itself, of intervals that ended before a moment.</summary>
    public IEnumerable<(string Node, OwnReport Report)> DueReports(WallTime before)
    {
        while (_own.TryPeek(out _, out var until) && until <= before.Nanoseconds)
        {
            yield return _own.Dequeue();
        }
    }

    /// <summary>What nodes said of themselves until a moment: that they began anew, or are in maintenance.</summary>
    public IReadOnlyList<Suspicion> Told(WallTime before)
    {
        var told = _told.FindAll(s => s.Seen.Nanoseconds <= before.Nanoseconds);
        _told.RemoveAll(s => s.Seen.Nanoseconds <= before.Nanoseconds);
        return told;
    }

    /// <summary>The name of a node, of which lines may have an address.</summary>
    private string NameOf(string text) => names.GetValueOrDefault(text, text);

    private void TakeRow(TranscriptRow row)
    {
        var (observer, subject) = (NameOf(row.Observer), NameOf(row.Subject));
        if (observer == subject || Open(observer, subject, row.At) is not { } pair)
        {
            return;
        }

        Nodes[observer].Last = row.At;
        if (row.IsMaintenance)
        {
            _told.Add(On(VerdictKind.HostMaintenance, observer, row.At, 1));
            return;
        }

        pair.Note(row.From, row.At);
        TakeReceived(row, observer, subject, pair);
        TakeSent(row, observer, pair);
        TakeProbes(row, observer, subject, pair);
    }

    private void TakeReceived(TranscriptRow row, string observer, string subject, PairLog pair)
    {
        if (row.Receive is not { } receive)
        {
            return;
        }

        if (row.IsSilent)
        {
            // Who was never heard, and has just come, may not have begun.
            if (pair.Heard is { } heard)
            {
                var silence = row.At - heard;
                Add(pair, new Trouble(VerdictKind.PathBlackhole, observer, subject, row.From, row.At, silence)
                {
                    IsDirected = true,
                    IsOpen = true,
                    IsWitness = row.IsWitness,
                    Evidence = new VerdictEvidence(observer, $"nothing heard of {subject} since the report before, for", Math.Round(silence.Milliseconds), "ms", pair.Late.Value),
                });
            }

            return;
        }

        Hear(subject, pair, row.At);
        var max = receive.Max!.Value;
        var isLate = IsLate(max, pair.Late.Value, receive.Mean);
        if (isLate)
        {
            Add(pair, new Trouble(max >= Outage ? VerdictKind.PathBlackhole : VerdictKind.PathJitter, observer, subject, row.From - Milliseconds(max), row.At, Milliseconds(max))
            {
                IsDirected = true,
                IsWitness = row.IsWitness,
                Evidence = new VerdictEvidence(observer, $"longest time between heartbeats from {subject}", max, "ms", pair.Late.Value),
            });
        }

        pair.Late.Take(max, isLate);
    }

    private void TakeSent(TranscriptRow row, string observer, PairLog pair)
    {
        if (row.Send is not { Max: { } max })
        {
            return;
        }

        var node = Nodes[observer];
        var isLate = IsLate(max, node.Send.Value, row.Send.Value.Mean);
        var report = node.Report(row.From, row.At);
        report.Rows++;
        report.Late += isLate ? 1 : 0;
        report.Stall = Duration.Max(report.Stall, isLate ? Milliseconds(max) : Duration.Zero);
        node.Send.Take(max, isLate);
        if (!isLate)
        {
            return;
        }

        pair.NoteSent(row.From - Milliseconds(max), row.At, Milliseconds(max));
        if (!row.IsWitness)
        {
            Enqueue(observer, report);
        }
    }

    private void TakeProbes(TranscriptRow row, string observer, string subject, PairLog pair)
    {
        if (row.Probes is not { } probes)
        {
            return;
        }

        if (probes.Answered > 0)
        {
            Hear(subject, pair, row.At);
        }
        else if (probes.Sent > 0)
        {
            NoteLost(observer, row.At, subject, probes.Sent);
        }

        // Who begins does not know yet who is there: while all are started they lose one another's probes, and windows remember it.
        var isYoung = row.At - pair.First < s_beginning;
        var trouble = (isYoung ? null : Lost(row, observer, subject, probes)) ?? Slow(row, observer, subject, probes, pair);
        if (trouble is not null)
        {
            Add(pair, trouble);
        }

        if (probes is { MinLatency: { } min, MaxLatency: { } max })
        {
            pair.MinLatency.Take(min, trouble?.What == VerdictKind.PathLatency);
            pair.MaxLatency.Take(max, trouble is not null);
        }
    }

    private static Trouble? Lost(TranscriptRow row, string observer, string subject, TranscriptProbes probes)
    {
        if (probes.Lost < FewestLost || probes.Lost * 50 < probes.Sent)
        {
            return null;
        }

        var share = (double)probes.Lost / probes.Sent;
        return new Trouble(probes.Answered == 0 ? VerdictKind.PathBlackhole : VerdictKind.PathLoss, observer, subject, row.From, row.At, new Duration((long)(share * 1e9)))
        {
            IsForward = (probes.LostForward, probes.LostBackward) switch { ( > 0, 0) => true, (0, > 0) => false, _ => null },
            IsWitness = row.IsWitness,
            Evidence = new VerdictEvidence(observer, $"probes of {probes.Sent} to {subject} without an answer", probes.Lost, "packets", 0),
        };
    }

    private static Trouble? Slow(TranscriptRow row, string observer, string subject, TranscriptProbes probes, PairLog pair)
    {
        if (probes is not { MinLatency: { } min, MaxLatency: { } max } || pair is not { MinLatency.Value: { } usualMin, MaxLatency.Value: { } usualMax })
        {
            return null;
        }

        var isLonger = min >= usualMin + 1_000 && min >= usualMin * 1.5;
        if (!isLonger && (max < Late * 1_000 || max < usualMax * 2))
        {
            return null;
        }

        var (figure, value, usual) = isLonger ? ("shortest", min, usualMin) : ("longest", max, usualMax);
        return new Trouble(isLonger ? VerdictKind.PathLatency : VerdictKind.PathJitter, observer, subject, row.From, row.At, Milliseconds(value / 1e3))
        {
            IsWitness = row.IsWitness,
            Evidence = new VerdictEvidence(observer, $"{figure} time to an answer of {subject}", Math.Round(value / 1e3, 2), "ms", Math.Round(usual / 1e3, 2)),
        };
    }

    private void TakeEvent(TranscriptEvent happened)
    {
        var observer = NameOf(happened.Observer);
        if (happened.Subject.Length == 0)
        {
            TakeOwn(happened, observer);
            return;
        }

        var subject = NameOf(happened.Subject);
        if (observer == subject || Open(observer, subject, happened.At) is not { } pair)
        {
            return;
        }

        Nodes[observer].Last = happened.At;
        if (happened.Kind == TranscriptEventKind.Joined)
        {
            pair.Joined = happened.At;
            Nodes[subject].Absent = Nodes[subject].Absent?.EndedAt(happened.At);
        }
        else if (pair.Heard is not null && TroubleOf(happened, observer, subject, pair) is { } trouble)
        {
            Add(pair, trouble);
        }
    }

    private static Trouble? TroubleOf(TranscriptEvent happened, string observer, string subject, PairLog pair)
    {
        if (happened.Kind is TranscriptEventKind.Closed or TranscriptEventKind.TimedOut)
        {
            var isTimedOut = happened.Kind == TranscriptEventKind.TimedOut;
            return new Trouble(isTimedOut ? VerdictKind.PathBlackhole : VerdictKind.PathLoss, observer, subject, happened.At - s_around, happened.At + s_around, Duration.Zero)
            {
                IsDirected = true,
                IsClosing = true,
                IsOpen = true,
                Evidence = new VerdictEvidence(observer, isTimedOut ? $"connections to {subject} given up" : $"connections that {subject} or its kernel ended", 1, "", 0),
            };
        }

        var length = happened.Length;
        if (happened.Kind is not (TranscriptEventKind.Silent or TranscriptEventKind.Gap) || !IsLate(length.Milliseconds, pair.Late.Value, mean: null))
        {
            return null;
        }

        return new Trouble(length.Milliseconds >= Outage ? VerdictKind.PathBlackhole : VerdictKind.PathJitter, observer, subject, happened.At - length, happened.At, length)
        {
            IsDirected = true,
            IsOpen = happened.Kind == TranscriptEventKind.Silent,
            OwnStall = happened.OwnStall,
            Evidence = new VerdictEvidence(observer, $"gap from {subject}", Math.Round(length.Milliseconds, 1), "ms", pair.Late.Value),
        };
    }

    private void TakeOwn(TranscriptEvent happened, string observer)
    {
        if (NodeOf(observer) is not { } node)
        {
            return;
        }

        if (happened.Kind == TranscriptEventKind.Started)
        {
            if (node.Last is not null)
            {
                _told.Add(On(VerdictKind.HostRestarted, observer, happened.At, 0.95));
            }

            node.Absent = node.Absent?.EndedAt(happened.At);
        }
        else if (happened is { Kind: TranscriptEventKind.Reported, Length: var length })
        {
            var overdue = node.Interval.Value is { } usual && length.Seconds > (usual * 1.5) + 2;
            if (overdue)
            {
                var report = node.Report(happened.At - length, happened.At);
                report.Overdue = length - Duration.FromSeconds((long)node.Interval.Value!.Value);
                Enqueue(observer, report);
            }

            node.Interval.Take(length.Seconds, overdue);
        }

        node.Last = happened.At;
    }

    private void TakeSum(TranscriptSum sum)
    {
        var observer = NameOf(sum.Observer);
        if (sum.Home != NoDatacenter && NodeOf(observer) is { } node)
        {
            node.Datacenter = sum.Home;
        }

        // A datacenter of which nothing answers and that has as many requests as all servers that don't: it is theirs. Of several the longest name.
        if (sum.Datacenter != NoDatacenter && sum.Probes is { Answered: 0, Sent: > 0 } && _lost.TryGetValue(observer, out var lost) && lost.At == sum.At && lost.Sent == sum.Probes.Sent)
        {
            foreach (var member in lost.Names.Select(n => Nodes[n]).Where(n => n.Last is null && (n.Datacenter?.Length ?? 0) < sum.Datacenter.Length))
            {
                member.Datacenter = sum.Datacenter;
            }
        }
    }

    private void NoteLost(string observer, WallTime at, string subject, long sent)
    {
        var lost = _lost.GetValueOrDefault(observer);
        if (lost.Names is null || lost.At != at)
        {
            lost = (at, [], 0);
        }

        lost.Names.Add(subject);
        _lost[observer] = lost with { Sent = lost.Sent + sent };
    }

    private void Hear(string subject, PairLog pair, WallTime at)
    {
        pair.Heard = at;
        if (Nodes[subject].Absent is { } absent && at > absent.Since + s_around)
        {
            Nodes[subject].Absent = absent.EndedAt(at);
        }
    }

    private void Add(PairLog pair, Trouble trouble)
    {
        pair.Take(trouble);
        if (!trouble.IsWitness && _pending.Count < MostPending)
        {
            _pending.Enqueue(trouble, trouble.Until.Nanoseconds);
        }
    }

    private void Enqueue(string node, OwnReport report)
    {
        if (!report.IsJudged && _own.Count < MostPending)
        {
            report.IsJudged = true;
            _own.Enqueue((node, report), report.Until.Nanoseconds);
        }
    }

    private PairLog? Open(string observer, string subject, WallTime now)
    {
        if (!Pairs.TryGetValue((observer, subject), out var pair))
        {
            if (Pairs.Count >= MostPairs || NodeOf(observer) is null || NodeOf(subject) is null)
            {
                return null;
            }

            Pairs.Add((observer, subject), pair = new PairLog());
            Others[observer].Add(subject);
            Others[subject].Add(observer);
        }

        pair.Forget(now - keep);
        Nodes[observer].Forget(now - keep);
        return pair;
    }

    private NodeLog? NodeOf(string name)
    {
        if (!Nodes.TryGetValue(name, out var node) && Nodes.Count < MostNodes)
        {
            Nodes.Add(name, node = new NodeLog());
            Others.Add(name, new HashSet<string>(StringComparer.Ordinal));
        }

        return node;
    }

    private static Suspicion On(VerdictKind what, string host, WallTime at, double confidence) =>
        HostRules.OnHost(what, host, new MonoTime(at.Nanoseconds), new MonoTime(at.Nanoseconds), confidence) with { IsCertain = true };

    private static bool IsLate(double value, double? usual, double? mean) =>
        usual is { } known ? value >= Late && value >= known * 2 : value >= LateAtFirst && value >= (mean ?? 0) * 1.5;

    private static Duration Milliseconds(double value) => new((long)(value * 1e6));
}
