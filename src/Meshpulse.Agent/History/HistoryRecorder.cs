using System.Globalization;
using Meshpulse.Agent.Analysis;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Agent.Hosting;
using Meshpulse.Agent.Paths;
using Meshpulse.Core.Config;
using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.History;

/// <summary>
/// Puts together what came of each series in each second, and hands it over twice a second: the store sees a row for each series and not each sample. Fed by
/// the collector with what the probing thread told, by others with vitals, verdicts and lines; its lock is held for additions only.
/// </summary>
/// <param name="self">How this node is called.</param>
/// <param name="offer">Takes the batches; must not wait.</param>
/// <param name="clocks">Both clocks.</param>
internal sealed class HistoryRecorder(string self, Action<HistoryBatch> offer, Func<ClockPairing> clocks)
{
    private const int MostEvents = 200;
    private const int MostNames = 10_000;
    private const long NanosecondsPerSecond = 1_000_000_000;

    private static readonly Duration s_interval = Duration.FromMilliseconds(500);
    private static readonly Duration s_shortestGap = Duration.FromMilliseconds(200);
    private static readonly Duration s_pauseBetweenGaps = Duration.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<SeriesName, (long Second, HistoryRow Row)> _open = [];
    private readonly List<(long Second, SeriesName Name, HistoryRow Row)> _closed = [];
    private readonly List<HistoryEvent> _events = [];
    private readonly List<HistoryVerdict> _verdicts = [];
    private readonly Dictionary<NodeEndpoint, SeriesName> _heartbeats = [];
    private readonly Dictionary<PathLabels, SeriesName> _paths = [];
    private readonly Dictionary<ProbeDefinition, SeriesName> _checks = [];
    private readonly Dictionary<string, MonoTime> _gapTold = new(StringComparer.Ordinal);
    private readonly Dictionary<NodeEndpoint, MeshEventKind> _lastOf = [];
    private readonly SeriesName _host = new(SeriesKind.Host, self, "", "host");
    private ClockPairing _now = clocks();
    private MonoTime _nextCut;
    private long _dropped;

    /// <summary>Events that were left out since too many came at once.</summary>
    public long EventsDropped => Interlocked.Read(ref _dropped);

    /// <summary>A round of the collector begins: what comes now is of about this moment.</summary>
    public void BeginRound()
    {
        lock (_lock)
        {
            _now = clocks();
        }
    }

    /// <summary>A round of the collector ends: hands over what there is when it is time to.</summary>
    /// <param name="isLast">It is time to.</param>
    public void EndRound(bool isLast)
    {
        HistoryBatch? batch = null;
        lock (_lock)
        {
            if (_now.Mono >= _nextCut || isLast)
            {
                _nextCut = _now.Mono + s_interval;
                batch = Cut();
            }
        }

        if (batch is not null)
        {
            offer(batch);
        }
    }

    /// <summary>A window of a path is over.</summary>
    public void OnPath(PathLabels labels, PathWindow window, ClockStep? step)
    {
        lock (_lock)
        {
            var name = Named(_paths, labels, NameOf);
            AddWindow(RowOf(name, SecondOf(window.From + (window.Length / 2))), window, step is not null);
            if (step is { } stepped)
            {
                Note(new HistoryEvent(_now.Wall, "clock_step", name.Target, TextOf(stepped)));
            }
        }
    }

    /// <summary>A line about a path.</summary>
    public void OnPathNote(PathNote note)
    {
        lock (_lock)
        {
            Note(new HistoryEvent(note.At, "path", Named(_paths, note.Labels, NameOf).Target, note.Text));
        }
    }

    /// <summary>A heartbeat came or went, or did not.</summary>
    /// <param name="node">The peer.</param>
    /// <param name="sample">What was measured.</param>
    /// <param name="interval">The ping interval.</param>
    public void OnHeartbeat(NodeEndpoint node, in Sample sample, Duration interval)
    {
        lock (_lock)
        {
            var isArrival = sample.Kind is SampleKind.ReceivedStamped or SampleKind.ReceivedBunched or SampleKind.ReceivedReconstructed;
            var row = RowOf(HeartbeatOf(node), SecondOf(isArrival ? sample.At : _now.Mono));
            if (isArrival)
            {
                AddArrival(row, sample, interval);
                return;
            }

            switch (sample.Kind)
            {
                case SampleKind.Sent:
                    row.Add(HeartbeatFigures.Sent, 1);
                    row.Add(HeartbeatFigures.SentLate, sample.B >= interval / 2 ? 1 : 0);
                    Record(row, HeartbeatFigures.Send, sample.A, interval);
                    break;
                case SampleKind.UnsentLate:
                    row.Add(HeartbeatFigures.UnsentLate, sample.A.Nanoseconds);
                    break;
                case SampleKind.UnsentBackpressure:
                    row.Add(HeartbeatFigures.UnsentBackpressure, sample.A.Nanoseconds);
                    break;
            }
        }
    }

    /// <summary>A check's probe was sent, or its fate was decided.</summary>
    public void OnProbe(ProbeDefinition definition, in Sample sample)
    {
        lock (_lock)
        {
            CheckFigures.Add(RowOf(Named(_checks, definition, NameOf), SecondOf(_now.Mono)), definition, sample);
        }
    }

    /// <summary>A gap in a peer's heartbeats.</summary>
    public void OnGap(NodeEndpoint node, ReceiveGap gap)
    {
        if (!gap.Ended)
        {
            return;
        }

        lock (_lock)
        {
            var name = HeartbeatOf(node);
            var row = RowOf(name, SecondOf(_now.Mono));
            row.Add(HeartbeatFigures.Gaps, 1);
            row.Add(HeartbeatFigures.LongestGap, gap.Length.Microseconds);
            // All are in the windows; as events the longer ones, and not each of a storm.
            if (gap.Length >= s_shortestGap && !(_gapTold.TryGetValue(name.Target, out var told) && _now.Mono - told < s_pauseBetweenGaps))
            {
                Bound(_gapTold);
                _gapTold[name.Target] = _now.Mono;
                var own = gap.OwnStall > Duration.Zero ? $", of which this host stalled {gap.OwnStall}" : "";
                Note(new HistoryEvent(gap.StartWall, "gap", name.Target, $"{gap.Length} without a heartbeat{own}"));
            }
        }
    }

    /// <summary>Something happened to the mesh.</summary>
    public void OnEvent(in MeshEvent happened)
    {
        lock (_lock)
        {
            if (happened.Kind == MeshEventKind.PeerJoined)
            {
                RowOf(HeartbeatOf(happened.Node), SecondOf(_now.Mono)).Add(HeartbeatFigures.Connects, 1);
            }

            if (MeshEventText.Of(happened) is { } told && !IsRepeated(happened))
            {
                Note(told);
            }
        }
    }

    /// <summary>A window of the host's vitals is over; from any thread.</summary>
    public void OnHost(HostWindow window)
    {
        lock (_lock)
        {
            RowOf(_host, SecondOf(window.From + (window.Length / 2))).Add(VitalsRow.Of(window));
        }
    }

    /// <summary>A verdict began, changed, ended or came again; from any thread.</summary>
    public void OnVerdict(WallTime at, VerdictChange change)
    {
        var verdict = new HistoryVerdict(at, VerdictLogLine.NameOf(change.Kind), VerdictEntry.Of(change.Verdict));
        lock (_lock)
        {
            if (_verdicts.Count < MostEvents)
            {
                _verdicts.Add(verdict);
            }
            else
            {
                Interlocked.Increment(ref _dropped);
            }
        }
    }

    /// <summary>Something about the node itself; from any thread.</summary>
    /// <param name="at">When it happened.</param>
    /// <param name="kind">What, in a word.</param>
    /// <param name="text">The rest: one line.</param>
    public void OnNote(WallTime at, string kind, string text)
    {
        lock (_lock)
        {
            Note(new HistoryEvent(at, kind, self, text));
        }
    }

    /// <summary>An analysis is over; from any thread.</summary>
    /// <param name="at">When it ended.</param>
    /// <param name="run">What became of it.</param>
    public void OnAnalysis(WallTime at, FinishedAnalysis run)
    {
        var report = run.ReportPath is { } path ? $"report {path}" : "no report";
        var text = LineCutter.OneLine($"analysis {run.Name} of the path to {run.To.Name} took {run.Length}, {run.Ending}; {run.Cause}; {report}");
        lock (_lock)
        {
            Note(new HistoryEvent(at, "analysis", run.To.Ip, text));
        }
    }

    private static void AddWindow(HistoryRow row, PathWindow window, bool stepped)
    {
        var counts = window.Counts;
        long?[] figures =
        [
            window.Length.Nanoseconds / 1_000_000, counts.Sent, counts.Unsent, counts.Answered, counts.Late, counts.LostForward, counts.LostBackward,
            counts.LostUnknown, counts.Duplicates, counts.Reordered, counts.Corrupted, counts.Strays, counts.Epochs, counts.ReceiveDrops,
            window.ReorderingExtent, window.Delays.Forward.TotalCount > 0 ? window.Delays.Bound.Nanoseconds : null, window.QueueFree?.Nanoseconds,
            window.Offset.IsKnown ? window.Offset.Low.Nanoseconds : null, window.Offset.IsKnown ? window.Offset.High.Nanoseconds : null, stepped ? 1 : 0,
            window.Mtu.Passing, window.Mtu.Failing,
        ];
        for (var i = 0; i < figures.Length; i++)
        {
            row.Add(i, figures[i]);
        }

        row.Add(0, window.Delays.RoundTrip);
        row.Add(1, window.Delays.Forward);
        row.Add(2, window.Delays.Backward);
        row.Add(3, window.Delays.ForwardVariation);
        row.Add(4, window.Delays.BackwardVariation);
        row.Add([.. window.Flows.Select(f => FlowTally.Of(f))]);
    }

    private static void AddArrival(HistoryRow row, in Sample sample, Duration interval)
    {
        row.Add(HeartbeatFigures.Received, 1);
        row.Add(HeartbeatFigures.ReceivedBunched, sample.Kind == SampleKind.ReceivedBunched ? 1 : 0);
        row.Add(HeartbeatFigures.ReceivedReconstructed, sample.Kind == SampleKind.ReceivedReconstructed ? 1 : 0);
        Record(row, HeartbeatFigures.Receive, sample.A, interval);
        row.Record(HeartbeatFigures.Delta).Record(Measurement.MicrosecondsOf(sample.B.Abs()));
    }

    private static void Record(HistoryRow row, int place, Duration value, Duration interval)
    {
        if (value >= Duration.Zero)
        {
            row.Record(place).RecordWithExpectedInterval(Measurement.MicrosecondsOf(value), Measurement.MicrosecondsOf(interval));
        }
    }

    private static SeriesName NameOf(PathLabels labels) => labels.Stored ?? new SeriesName(SeriesKind.Path, labels.Source, labels.Target, CheckOf(labels.Labels));

    private static SeriesName NameOf(ProbeDefinition probe) =>
        new(SeriesKind.Check, probe.From.Name, probe.To.Name, CheckOf(CheckFamilies.LabelsOf(probe)));

    /// <summary>The kind of the check, and what tells it from others of its kind between the same two.</summary>
    private static string CheckOf(IEnumerable<Export.Label> labels) => string.Join(
        ' ',
        labels.Where(l => l.Name is not ("source" or "target" or "source_datacenter" or "target_datacenter"))
            .Select(l => l.Name == "check" ? l.Value : $"{l.Name}={l.Value}"));

    private static string TextOf(ClockStep step) =>
        string.Create(CultureInfo.InvariantCulture, $"{step.Side} clock: the difference changed by {step.OffsetChange}");

    private static void Bound<TKey, TValue>(Dictionary<TKey, TValue> names)
        where TKey : notnull
    {
        if (names.Count >= MostNames)
        {
            names.Clear();
        }
    }

    private static SeriesName Named<T>(Dictionary<T, SeriesName> names, T of, Func<T, SeriesName> name)
        where T : notnull
    {
        if (!names.TryGetValue(of, out var known))
        {
            Bound(names);
            names.Add(of, known = name(of));
        }

        return known;
    }

    private SeriesName HeartbeatOf(NodeEndpoint node) =>
        Named(_heartbeats, node, n => new SeriesName(SeriesKind.Heartbeat, self, Fleet.NodeNames.Of(n), "heartbeat"));

    /// <summary>The second of the wall clock in which a moment lies.</summary>
    private long SecondOf(MonoTime at)
    {
        var wall = _now.Wall.Nanoseconds - (_now.Mono - at).Nanoseconds;
        return Math.Max(0, wall) / NanosecondsPerSecond;
    }

    private HistoryRow RowOf(SeriesName name, long second)
    {
        if (_open.TryGetValue(name, out var open))
        {
            if (open.Second == second)
            {
                return open.Row;
            }

            _closed.Add((open.Second, name, open.Row));
        }

        var row = new HistoryRow(HistoryShape.Of(name.Kind));
        _open[name] = (second, row);
        return row;
    }

    /// <summary>A server that is not there is called again for ever: once is enough until something else happens to it.</summary>
    private bool IsRepeated(in MeshEvent happened)
    {
        var isSame = happened.Kind is MeshEventKind.DialFailed or MeshEventKind.ResolveFailed
            && _lastOf.TryGetValue(happened.Node, out var last) && last == happened.Kind;
        Bound(_lastOf);
        _lastOf[happened.Node] = happened.Kind;
        return isSame;
    }

    private void Note(HistoryEvent happened)
    {
        if (_events.Count < MostEvents)
        {
            _events.Add(happened);
        }
        else
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    private HistoryBatch Cut()
    {
        _closed.AddRange(_open.Select(o => (o.Value.Second, o.Key, o.Value.Row)));
        var batch = new HistoryBatch(_now.Wall, [.. _closed], [.. _events], [.. _verdicts]);
        _open.Clear();
        _closed.Clear();
        _events.Clear();
        _verdicts.Clear();
        return batch;
    }
}
