using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Fleet.Logs;

/// <summary>
/// Judges by log files what a running node judges as it goes: merges the slices of all logs by time and asks the rules each 125 ms of that time.
/// <para>
/// The logs are as long as they are; of each only one slice is held. The axis is that of the wall clocks (<see cref="SliceLog"/>): a node whose clock is
/// off by more than half a second is late or early by as much, and evidence that it gives then belongs to another moment.
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

    private const int MostNames = 2_000;

    private readonly Diagnostician _rules = new("", new DiagnosisSettings { KeepFor = Duration.FromSeconds(100L * 365 * 86_400) });
    private readonly PriorityQueue<SliceLog, long> _heads = new();
    private readonly SortedSet<string> _nodes = new(StringComparer.Ordinal);
    private readonly Queue<(WallTime At, VerdictChange Change)> _changes = [];
    private MonoTime _now;

    /// <summary>The names of the nodes whose slices there are, in order; at most 2,000.</summary>
    public IReadOnlyCollection<string> Nodes => _nodes;

    /// <summary>What began, changed, ended and came again, in order: an incident keeps only its last name, and had others.</summary>
    public IReadOnlyCollection<(WallTime At, VerdictChange Change)> Changes => _changes;

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
    public VerdictDocument Run(IEnumerable<SliceLog> logs, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(logs);
        foreach (var log in logs)
        {
            Enqueue(log);
        }

        if (_heads.TryPeek(out var first, out _))
        {
            (_now, From, Until) = (first.At, Wall(first.At), Wall(first.At));
        }

        while (_heads.TryDequeue(out var log, out _))
        {
            stop.ThrowIfCancellationRequested();
            if (log.At < _now - s_slack)
            {
                Misplaced++;
            }
            else
            {
                Take(log);
            }

            Enqueue(log);
        }

        JudgeAt(new MonoTime(Until.Nanoseconds));
        return VerdictDocument.Of(Judge, Until, _rules.Verdicts);
    }

    private void Enqueue(SliceLog log)
    {
        if (log.TryNext())
        {
            _heads.Enqueue(log, log.At.Nanoseconds);
        }
    }

    private void Take(SliceLog log)
    {
        JudgeUntil(log.At);
        if (_nodes.Count < MostNames)
        {
            _ = _nodes.Add(log.Current!.Node);
        }

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
