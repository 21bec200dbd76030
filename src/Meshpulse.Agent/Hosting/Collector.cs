using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Hosting;

/// <summary>
/// Takes what the probing thread hands over and keeps the series: the only one that writes them. It runs on a thread of its
/// own twenty times a second. Whoever reads the series (a scrape) does so under its lock, which the probing thread never
/// takes: a slow scrape delays the collector, whose queue has room for that, and nothing else.
/// </summary>
internal sealed class Collector : IDisposable
{
    private const int MaxGapsKept = 1024;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    private readonly ProbeOutbox _outbox;
    private readonly AgentOptions _options;
    private readonly IAgentListener _listener;
    private readonly Duration _interval;
    private readonly Dictionary<int, PeerSeries> _peers = [];
    private readonly Queue<ReceiveGap> _gaps = [];
    private readonly Func<MonoTime> _clock;
    private readonly Lock _lock = new();
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _stop = new();
    private MonoTime _nextReport;

    /// <summary>A collector that does nothing before <see cref="Start"/>.</summary>
    /// <param name="outbox">Where the probing thread puts what it measured.</param>
    /// <param name="options">Report interval, retention, and who we are.</param>
    /// <param name="listener">Who is told of events, gaps and reports.</param>
    /// <param name="interval">The ping interval that is really kept.</param>
    /// <param name="clock">The monotonic clock; null for the system's.</param>
    public Collector(ProbeOutbox outbox, AgentOptions options, IAgentListener listener, Duration interval, Func<MonoTime>? clock = null)
    {
        _clock = clock ?? SystemClocks.Mono;
        _outbox = outbox;
        _options = options;
        _listener = listener;
        _interval = interval;
        _thread = new Thread(Run, 512 * 1024) { Name = "collector", IsBackground = true };
    }

    /// <summary>How late the probing thread woke up.</summary>
    public WakeErrors WakeErrors { get; } = new();

    public void Start()
    {
        _nextReport = _clock() + _options.ReportInterval;
        _thread.Start();
    }

    /// <summary>Takes in what is left, makes the last report and ends.</summary>
    public void Dispose()
    {
        if (_stop.IsSet)
        {
            return;
        }

        _stop.Set();
        if (_thread.IsAlive && _thread.Join(TimeSpan.FromMilliseconds(300)))
        {
            _stop.Dispose();
        }
    }

    /// <summary>Lets a reader see the series while nothing changes them.</summary>
    public void Read(Action<IReadOnlyCollection<PeerSeries>, CollectorState> reader)
    {
        lock (_lock)
        {
            reader(_peers.Values, new CollectorState(_clock(), [.. _gaps]));
        }
    }

    private void Run()
    {
        while (!_stop.Wait(s_pause))
        {
            Collect(isLast: false);
        }

        Collect(isLast: true);
    }

    /// <summary>One round: takes in what has come, and reports when it is time to. On the collector's thread, or a test's.</summary>
    internal void Collect(bool isLast)
    {
        WindowReport? report = null;
        var notices = new List<(WallTime At, Action Tell)>();
        lock (_lock)
        {
            DrainEvents(notices);
            DrainSamples(notices);
            DrainGaps(notices);
            // Events once more: what left while the samples were taken in must not be reported as connected.
            DrainEvents(notices);
            var now = _clock();
            ForgetDeparted(now);
            if (now >= _nextReport || isLast)
            {
                report = Report(now, isLast);
            }
        }

        // Outside the lock: a listener that blocks must not hold up a scrape.
        // Events and gaps come by two queues; they are told in the order in which they happened.
        foreach (var (_, tell) in notices.OrderBy(notice => notice.At))
        {
            tell();
        }

        if (report is not null)
        {
            _listener.OnReport(report);
        }
    }

    private void DrainEvents(List<(WallTime At, Action Tell)> notices)
    {
        while (_outbox.Events.TryRead(out var happened))
        {
            if (happened.Kind == MeshEventKind.PeerJoined)
            {
                Join(happened);
            }
            else if (happened.Kind == MeshEventKind.PeerLeft && _peers.TryGetValue(happened.Peer, out var series))
            {
                series.IsConnected = false;
                series.LeftAt = _clock();
            }

            var told = happened;
            notices.Add((told.At, () => _listener.OnEvent(told)));
        }
    }

    private void Join(in MeshEvent happened)
    {
        if (!_peers.TryGetValue(happened.Peer, out var series))
        {
            series = TakeOver(happened.Node) ?? new PeerSeries(happened.Node);
            _peers.Add(happened.Peer, series);
        }

        series.IsConnected = true;
        series.Connects++;
        series.LastHeard = _clock();
    }

    /// <summary>
    /// A node that the mesh forgot comes back under a new number. Its series goes on: two of the same labels would have
    /// Prometheus refuse the whole page.
    /// </summary>
    private PeerSeries? TakeOver(NodeEndpoint node)
    {
        foreach (var (id, series) in _peers)
        {
            if (series.Node == node)
            {
                _peers.Remove(id);
                return series;
            }
        }

        return null;
    }

    private void DrainSamples(List<(WallTime At, Action Tell)> notices)
    {
        // Bounded, so that a flood of samples can't keep the lock for ever: the ring's size.
        var now = _clock();
        for (var left = 1 << 17; left > 0 && _outbox.Samples.TryRead(out var sample); left--)
        {
            if (sample.Peer != 0 && !_peers.ContainsKey(sample.Peer))
            {
                // It joined after the events were read: its first heartbeats belong to its series.
                DrainEvents(notices);
            }

            Take(sample, now);
        }
    }

    private void Take(in Sample sample, MonoTime now)
    {
        if (sample.Kind == SampleKind.Woke)
        {
            WakeErrors.Record(sample.A);
            return;
        }

        if (!_peers.TryGetValue(sample.Peer, out var series))
        {
            return;
        }

        switch (sample.Kind)
        {
            case SampleKind.Sent:
                TakeSent(series, sample);
                break;
            case SampleKind.UnsentLate:
                series.UnsentLate += sample.A.Nanoseconds;
                break;
            case SampleKind.UnsentBackpressure:
                series.UnsentBackpressure += sample.A.Nanoseconds;
                break;
            default:
                TakeReceived(series, sample);
                series.LastHeard = now;
                break;
        }
    }

    private void TakeSent(PeerSeries series, in Sample sample)
    {
        series.Sent++;
        if (sample.B >= _interval / 2)
        {
            series.Late++;
        }

        if (sample.A >= Duration.Zero)
        {
            series.Send.RecordInterval(sample.A, _interval);
        }
    }

    private void TakeReceived(PeerSeries series, in Sample sample)
    {
        switch (sample.Kind)
        {
            case SampleKind.ReceivedBunched:
                series.Bunched++;
                break;
            case SampleKind.ReceivedReconstructed:
                series.Reconstructed++;
                break;
            default:
                series.Stamped++;
                break;
        }

        if (sample.A >= Duration.Zero)
        {
            series.Receive.RecordInterval(sample.A, _interval);
        }

        series.TakeDelta(sample.B);
    }

    private void DrainGaps(List<(WallTime At, Action Tell)> notices)
    {
        while (_outbox.Gaps.TryRead(out var gap) && gap is not null)
        {
            if (_peers.TryGetValue(gap.Peer, out var series))
            {
                series.Gaps += gap.Ended ? 1 : 0;
                var told = gap;
                var node = series.Node;
                notices.Add((told.StartWall + told.Length, () => _listener.OnGap(node, told)));
            }

            _gaps.Enqueue(gap);
            if (_gaps.Count > MaxGapsKept)
            {
                _gaps.Dequeue();
            }
        }
    }

    private void ForgetDeparted(MonoTime now)
    {
        foreach (var (id, series) in _peers)
        {
            if (!series.IsConnected && now - series.LeftAt > _options.SeriesRetention)
            {
                _peers.Remove(id);
            }
        }

        // No more of those that left than of those that can be there; who left first goes first.
        var surplus = _peers.Values.Count(p => !p.IsConnected) - _options.Mesh.MaxPeers;
        if (surplus > 0)
        {
            foreach (var (id, _) in _peers.Where(p => !p.Value.IsConnected).OrderBy(p => p.Value.LeftAt).Take(surplus).ToList())
            {
                _peers.Remove(id);
            }
        }
    }

    private WindowReport Report(MonoTime now, bool isLast)
    {
        // On a fixed grid like everything else; after a long stall the reports that were missed are not made up.
        while (_nextReport <= now)
        {
            _nextReport += _options.ReportInterval;
        }

        var connected = _peers.Values.Where(p => p.IsConnected).OrderBy(p => p.Node).ToList();
        var labels = new NodeLabels(_options.Mesh.Self, connected.Select(p => p.Node));
        var rows = connected.ConvertAll(p => p.CloseWindow(labels.Of(p.Node), now));
        foreach (var departed in _peers.Values.Where(p => !p.IsConnected))
        {
            departed.CloseWindow("", now);
        }

        WakeErrors.CloseWindow();
        return new WindowReport(SystemClocks.Wall(), rows, isLast);
    }
}
