using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Diagnosis.Transcripts;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Fleet.Logs;

/// <summary>
/// Judges by log files what a running node judges as it goes: merges the slices of all logs by time and asks the rules each 125 ms of that time.
/// <para>
/// The logs are as long as they are; of each only one slice is held. The axis is that of the wall clocks (<see cref="SliceLog"/>): a node whose clock is
/// off by more than half a second is late or early by as much, and evidence that it gives then belongs to another moment.
/// </para>
/// <para>
/// Console output of the originals goes to a <see cref="TranscriptJudge"/> beside them, for which the slices bear witness. Where both say something of one place and time,
/// the slices' verdict stands: they know more.
/// </para>
/// </summary>
public sealed class FleetReplay
{
    /// <summary>Who judges, in the document.</summary>
    public const string Judge = "logs";

    /// <summary>The most changes that are kept; of more, the last.</summary>
    public const int MostChanges = 10_000;

    private static readonly Duration s_turn = Duration.FromMilliseconds(125);

    // A log that is turned while others go on may be given in two files; beyond, it is out of order.
    private static readonly Duration s_slack = Duration.FromSeconds(1);

    // After so long without a slice all is forgotten and nothing can change: the rest of a gap, be it years, is passed over.
    private static readonly Duration s_longestGap = Duration.FromSeconds(150);

    // Of lines with whole seconds, of two threads.
    private static readonly Duration s_longestDisorder = Duration.FromSeconds(10);

    // By so much intervals may be off.
    private static readonly Duration s_about = Duration.FromSeconds(12);

    private const int MostNames = 2_000;

    private readonly Diagnostician _rules = new("", new DiagnosisSettings { KeepFor = Duration.FromSeconds(100L * 365 * 86_400) });
    private readonly PriorityQueue<SliceLog, long> _heads = new();
    private readonly SortedSet<string> _nodes = new(StringComparer.Ordinal);
    private readonly Queue<(WallTime At, VerdictChange Change)> _changes = [];
    private readonly PriorityQueue<TranscriptLog, long> _transcripts = new();
    private TranscriptJudge? _judge;
    private WallTime _judged;
    private MonoTime _now;

    /// <summary>The names of the nodes whose slices there are, in order; at most 2,000.</summary>
    public IReadOnlyCollection<string> Nodes => _nodes;

    /// <summary>What began, changed, ended and came again, in order: an incident keeps only its last name, and had others.</summary>
    public IReadOnlyCollection<(WallTime At, VerdictChange Change)> Changes { get; private set; } = [];

    /// <summary>When the first slice ended.</summary>
    public WallTime From { get; private set; }

    /// <summary>When the last one did.</summary>
    public WallTime Until { get; private set; }

    /// <summary>Slices that came after later ones in their file, and were not used.</summary>
    public long Misplaced { get; private set; }

    /// <summary>Reads the logs to their ends; gives what was wrong, and what still was at the end.</summary>
    /// <param name="logs">The logs, in any order, several of one node too.</param>
    /// <param name="stop">Ends it early, with an exception.</param>
    /// <exception cref="IOException">A file can't be read.</exception>
    public VerdictDocument Run(IEnumerable<SliceLog> logs, CancellationToken stop) => Run(logs, [], null, stop);

    /// <summary>The same with console output beside the logs.</summary>
    /// <param name="logs">The logs.</param>
    /// <param name="transcripts">The console output, each begun for the node that it is of.</param>
    /// <param name="names">What names mean in it; null where there is none.</param>
    /// <param name="stop">Ends it early, with an exception.</param>
    /// <exception cref="IOException">A file can't be read.</exception>
    public VerdictDocument Run(IEnumerable<SliceLog> logs, IReadOnlyCollection<TranscriptLog> transcripts, TranscriptNames? names, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(logs);
        ArgumentNullException.ThrowIfNull(transcripts);
        foreach (var log in logs)
        {
            Enqueue(log);
        }

        foreach (var transcript in transcripts)
        {
            Enqueue(transcript);
        }

        _judge = transcripts.Count == 0 ? null
            : new TranscriptJudge(names?.Meanings ?? new Dictionary<string, string>(), transcripts.Select(t => t.Survey.Interval).Aggregate(Duration.Max));
        BeginAt(Math.Min(FirstOf(_heads), FirstOf(_transcripts)));
        var printed = new List<(WallTime At, VerdictChange Change)>();
        while (_heads.Count + _transcripts.Count > 0)
        {
            stop.ThrowIfCancellationRequested();
            if (FirstOf(_heads) <= FirstOf(_transcripts))
            {
                TakeNextSlice();
            }
            else
            {
                TakeNextLine(names);
            }

            JudgePrinted(printed);
        }

        JudgeAt(new MonoTime(Until.Nanoseconds));
        printed.AddRange(_judge?.Finish(Until) ?? []);
        return Joined(printed);
    }

    private static long FirstOf<T>(PriorityQueue<T, long> queue) => queue.TryPeek(out _, out var at) ? at : long.MaxValue;

    private void BeginAt(long first)
    {
        if (first != long.MaxValue)
        {
            (_now, From, Until, _judged) = (new MonoTime(first), new WallTime(first), new WallTime(first), new WallTime(first));
        }
    }

    private void TakeNextSlice()
    {
        var log = _heads.Dequeue();
        if (log.At < _now - s_slack)
        {
            Misplaced++;
        }
        else
        {
            Take(log);
            _judge?.Take(log.Current!, Wall(log.At));
        }

        Enqueue(log);
    }

    private void TakeNextLine(TranscriptNames? names)
    {
        var transcript = _transcripts.Dequeue();
        var entry = transcript.Current!;
        if (entry.At < Until - s_longestDisorder)
        {
            Misplaced++;
        }
        else
        {
            Until = Until < entry.At ? entry.At : Until;
            AddNode(names?.Meanings.GetValueOrDefault(entry.Observer, entry.Observer) ?? entry.Observer);
            _judge!.Take(entry);
        }

        Enqueue(transcript);
    }

    private void JudgePrinted(List<(WallTime At, VerdictChange Change)> changes)
    {
        if (_judge is null || Until - _judged < s_slack)
        {
            return;
        }

        _judged = Until;
        changes.AddRange(_judge.JudgeUntil(Until - s_slack));
        if (changes.Count > MostChanges)
        {
            changes.RemoveRange(0, changes.Count - MostChanges);
        }
    }

    /// <summary>The verdicts of both, without those by console output that slices have told better.</summary>
    private VerdictDocument Joined(List<(WallTime At, VerdictChange Change)> printed)
    {
        var better = _rules.Verdicts;
        var left = (_judge?.Verdicts ?? []).Where(v => !better.Any(b => Covers(b, v))).ToList();
        var ids = left.Select(v => v.Id).ToHashSet(StringComparer.Ordinal);
        Changes = [.. _changes
            .Concat(printed.Where(c => ids.Contains(c.Change.Verdict.Id)).Select(c => (c.At, c.Change with { Verdict = Marked(c.Change.Verdict) })))
            .OrderBy(c => c.At.Nanoseconds)
            .TakeLast(MostChanges)];
        return VerdictDocument.Of(Judge, Until, [.. better.Concat(left.Select(Marked)).OrderBy(v => v.Since.Nanoseconds)]);
    }

    /// <summary>Two books number their incidents alike.</summary>
    private static Verdict Marked(Verdict verdict) => verdict with { Id = "t" + verdict.Id };

    /// <summary>Whether a verdict by slices says of the same place, or of one of its ends, what one by intervals says of about that time.</summary>
    private bool Covers(Verdict better, Verdict verdict) =>
        better.Since <= (verdict.Until ?? Until) + s_about && verdict.Since <= (better.Until ?? Until) + s_about
        && (better.Where.Equals(verdict.Where) || better.Where.Names(verdict.Where.First) || (verdict.Where.Second.Length > 0 && better.Where.Names(verdict.Where.Second)));

    private void Enqueue(SliceLog log)
    {
        if (log.TryNext())
        {
            _heads.Enqueue(log, log.At.Nanoseconds);
        }
    }

    private void Enqueue(TranscriptLog transcript)
    {
        if (transcript.TryNext())
        {
            _transcripts.Enqueue(transcript, transcript.Current!.At.Nanoseconds);
        }
    }

    private void AddNode(string name)
    {
        if (name.Length > 0 && _nodes.Count < MostNames)
        {
            _ = _nodes.Add(name);
        }
    }

    private void Take(SliceLog log)
    {
        JudgeUntil(log.At);
        AddNode(log.Current!.Node);

        Until = Until < Wall(log.At) ? Wall(log.At) : Until;
        _rules.Take(log.Current!, log.At);
    }

    /// <summary>Judges at each turn before a moment.</summary>
    private void JudgeUntil(MonoTime at)
    {
        var end = MonoTime.Min(at, _now + s_longestGap);
        while (_now + s_turn < end)
        {
            _now += s_turn;
            JudgeAt(_now);
        }

        _now = at - _now > s_longestGap ? at : _now;
    }

    private void JudgeAt(MonoTime at)
    {
        foreach (var change in _rules.Judge(new ClockPairing(at, Wall(at))))
        {
            _changes.Enqueue((Wall(at), change));
            if (_changes.Count > MostChanges)
            {
                _ = _changes.Dequeue();
            }
        }
    }

    private static WallTime Wall(MonoTime at) => new(at.Nanoseconds);
}
