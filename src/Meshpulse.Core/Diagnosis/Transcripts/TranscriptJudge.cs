using Meshpulse.Core.Diagnosis.Incidents;
using Meshpulse.Core.Diagnosis.Rules;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Transcripts;

/// <summary>
/// Compares the console output of several nodes, of meshmonitor, mehsh and this program where it prints alike, and says who was to blame.
/// <para>
/// The rules of the <see cref="Diagnostician"/> want quarters of seconds, kernel times and vitals. Here is a maximum for an interval of seconds: when in it that was
/// nobody knows, and a gap that began before it counts where it ended. To cut such rows into slices would be to invent evidence. So a trouble keeps the
/// time in which it must lie, waits until all who could have seen it have printed, and is then laid to the smallest place that explains who saw it and who did not
/// (<see cref="TranscriptBlame"/>). Incidents are made of that as everywhere.
/// </para>
/// Deterministic, one thread, bounded.
/// </summary>
public sealed class TranscriptJudge
{
    private const int MostWitnesses = 2_000;

    private static readonly Duration s_turn = Duration.FromSeconds(1);
    private static readonly Duration s_shortest = Duration.FromSeconds(1);
    private static readonly Duration s_longest = Duration.FromSeconds(120);

    // Lines have whole seconds, and clocks half a second.
    private static readonly Duration s_slack = Duration.FromSeconds(3);

    // After so long without a line nothing changes any more.
    private static readonly Duration s_longestGap = Duration.FromSeconds(900);

    private readonly Duration _wait;
    private readonly TranscriptView _view;
    private readonly TranscriptBlame _blame;
    private readonly IncidentBook _book;
    private readonly Dictionary<string, SliceWitness> _witnesses = new(StringComparer.Ordinal);
    private WallTime? _now;
    private int _open;

    /// <summary>Knows nothing yet.</summary>
    /// <param name="names">The name of a node by an address that lines call it by; others are called as they stand.</param>
    /// <param name="interval">The longest usual time between two reports of a node; what lies between 1 s and 2 min is taken as it is.</param>
    public TranscriptJudge(IReadOnlyDictionary<string, string> names, Duration interval)
    {
        ArgumentNullException.ThrowIfNull(names);
        interval = Duration.Max(s_shortest, Duration.Min(interval, s_longest));
        _wait = interval + s_slack;
        _view = new TranscriptView(names, interval * 8 + Duration.FromSeconds(30));
        _blame = new TranscriptBlame(_view);
        _book = new IncidentBook(new DiagnosisSettings
        {
            Hold = interval * 2,
            RecurWithin = Duration.Max(Duration.FromSeconds(30), interval * 4),
            KeepFor = Duration.FromSeconds(100L * 365 * 86_400),
        }, static _ => true);
    }

    /// <summary>All that was found, as of the last judgement; at most 1,000.</summary>
    public IReadOnlyList<Verdict> Verdicts => _now is { } now ? _book.Verdicts(Pair(now)) : [];

    /// <summary>Takes in what a line tells; lines of all nodes together come in the order of their times.</summary>
    public void Take(TranscriptEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        _now ??= entry.At - _wait;
        _view.Take(entry);
    }

    /// <summary>Takes in a slice of a node that has not printed but kept a log: it is asked what it saw, and not judged.</summary>
    /// <param name="slice">What it saw.</param>
    /// <param name="at">When the slice ended.</param>
    public void Take(NodeSlice slice, WallTime at)
    {
        ArgumentNullException.ThrowIfNull(slice);
        if (!_witnesses.TryGetValue(slice.Node, out var witness))
        {
            if (_witnesses.Count >= MostWitnesses)
            {
                return;
            }

            _witnesses.Add(slice.Node, witness = new SliceWitness());
        }

        foreach (var row in witness.Take(slice, at))
        {
            Take(row);
        }
    }

    /// <summary>Judges what can be judged when all lines before a moment have been taken in.</summary>
    /// <returns>What began, changed and ended, with the times of it.</returns>
    public IReadOnlyList<(WallTime At, VerdictChange Change)> JudgeUntil(WallTime moment) => _now is null ? [] : AdvanceTo(moment - _wait);

    /// <summary>Judges the rest, when there are no more lines.</summary>
    /// <param name="end">When the last one was.</param>
    public IReadOnlyList<(WallTime At, VerdictChange Change)> Finish(WallTime end)
    {
        if (_now is null)
        {
            return [];
        }

        var changes = AdvanceTo(end).ToList();
        // Closings are looked at a moment after them.
        changes.AddRange(Turn(end, end + s_slack));
        return changes;
    }

    private List<(WallTime At, VerdictChange Change)> AdvanceTo(WallTime end)
    {
        var changes = new List<(WallTime, VerdictChange)>();
        var now = _now!.Value;
        if (end - now > s_longestGap)
        {
            changes.AddRange(Turn(now + s_turn, now + s_turn));
            now = end - s_longestGap;
        }

        while (now + s_turn <= end)
        {
            now += s_turn;
            changes.AddRange(Turn(now, now));
        }

        _now = now;
        return changes;
    }

    private IEnumerable<(WallTime At, VerdictChange Change)> Turn(WallTime now, WallTime until)
    {
        var suspicions = new List<Suspicion>();
        foreach (var trouble in _view.Due(until))
        {
            // One host that stands still is late to all: once is enough, and in a large mesh all there is time for.
            if (!suspicions.Exists(s => s.Edges.Count > 1 && Explains(s, trouble)) && _blame.Judge(trouble) is { } found)
            {
                suspicions.Add(found);
            }
        }

        suspicions.AddRange(_view.DueReports(until).Select(r => _blame.Judge(r.Node, r.Report)).OfType<Suspicion>());
        suspicions.AddRange(_view.Told(until));
        suspicions.AddRange(_view.Nodes.Values.Select(n => n.SeenAbsent(now)).OfType<Suspicion>());
        _now = now;
        if (suspicions.Count == 0 && _open == 0)
        {
            return [];
        }

        var changes = _book.Update(suspicions, Pair(now));
        _open += changes.Sum(c => c.Kind switch { VerdictChangeKind.Ended => -1, VerdictChangeKind.Changed => 0, _ => 1 });
        return changes.Select(c => (now, c));
    }

    private static bool Explains(Suspicion suspicion, Trouble trouble) =>
        suspicion.From <= At(trouble.Until) && suspicion.Seen >= At(trouble.From) && Vote.EdgesOf(trouble).IsSubsetOf(suspicion.Edges);

    private static MonoTime At(WallTime at) => new(at.Nanoseconds);

    private static ClockPairing Pair(WallTime at) => new(At(at), at);
}
