using Meshpulse.Agent.History;
using Meshpulse.Agent.Paths;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Agent.Hosting;

/// <summary>
/// Takes what the probing thread hands over and keeps the series: the only one that writes them. It runs on a thread of its
/// own twenty times a second. Whoever reads the series (a scrape) does so under its lock, which the probing thread never
/// takes: a slow scrape delays the collector, whose queue has room for that, and nothing else.
/// </summary>
internal sealed class Collector : IDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);
    private static readonly Duration s_window = Duration.FromSeconds(10);

    private readonly ProbeOutbox _outbox;
    private readonly PeerBook? _peers;
    private readonly ProbeBook? _probes;
    private readonly PathBook? _paths;
    private readonly SliceFeed? _slices;
    private readonly HistoryRecorder? _history;
    private readonly Func<MonoTime> _clock;
    private readonly Lock _lock = new();
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _stop = new();
    private MonoTime _windowEnd;

    /// <summary>A collector that does nothing before <see cref="Start"/>.</summary>
    /// <param name="outbox">Where the probing thread puts what it measured.</param>
    /// <param name="peers">The mesh's series; null for no mesh.</param>
    /// <param name="probes">The checks' series; null for no checks.</param>
    /// <param name="clock">The monotonic clock; null for the system's.</param>
    /// <param name="paths">The STAMP paths' series; null for no paths.</param>
    /// <param name="slices">Who is told what slices are made of; null for nobody.</param>
    /// <param name="history">Who keeps it; null for nobody.</param>
    public Collector(
        ProbeOutbox outbox,
        PeerBook? peers,
        ProbeBook? probes,
        Func<MonoTime>? clock = null,
        PathBook? paths = null,
        SliceFeed? slices = null,
        HistoryRecorder? history = null)
    {
        (_outbox, _peers, _probes, _paths, _slices, _history) = (outbox, peers, probes, paths, slices, history);
        _clock = clock ?? SystemClocks.Mono;
        _thread = new Thread(Run, 512 * 1024) { Name = "collector", IsBackground = true };
    }

    /// <summary>How late the probing thread woke up.</summary>
    public WakeErrors WakeErrors { get; } = new();

    private Duration Window => _peers?.ReportInterval ?? s_window;

    public void Start()
    {
        var now = _clock();
        _windowEnd = now + Window;
        _peers?.Start(now);
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

    /// <summary>Lets somebody see or change the series while nothing else does.</summary>
    public void Hold(Action<MonoTime> holder)
    {
        lock (_lock)
        {
            holder(_clock());
        }
    }

    /// <summary>Lets a reader see the mesh's series while nothing changes them.</summary>
    public void Read(Action<IReadOnlyCollection<PeerSeries>, CollectorState> reader) =>
        Hold(now => reader(_peers?.Peers ?? [], new CollectorState(now, _peers?.Gaps ?? [])));

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
        var notices = new List<(WallTime At, Action Tell)>();
        _history?.BeginRound();
        lock (_lock)
        {
            _peers?.DrainEvents(notices, _clock());
            DrainSamples(notices);
            _paths?.Drain();
            _peers?.DrainGaps(notices);
            // Events once more: what left while the samples were taken in must not be reported as connected.
            _peers?.DrainEvents(notices, _clock());
            var now = _clock();
            _peers?.EndRound(now, isLast);
            _probes?.EndRound(now);
            CloseWindow(now, isLast);
        }

        _history?.EndRound(isLast);

        // Outside the lock: a listener that blocks must not hold up a scrape.
        // Events and gaps come by two queues; they are told in the order in which they happened.
        foreach (var (_, tell) in notices.OrderBy(notice => notice.At))
        {
            tell();
        }

        _peers?.Tell();
        _probes?.Tell();
        _paths?.Tell();
    }

    private void DrainSamples(List<(WallTime At, Action Tell)> notices)
    {
        // Bounded, so that a flood of samples can't keep the lock for ever: the ring's size.
        var now = _clock();
        for (var left = 1 << 17; left > 0 && _outbox.Samples.TryRead(out var sample); left--)
        {
            if (sample.Kind == SampleKind.Woke)
            {
                WakeErrors.Record(sample.A);
                _slices?.OnSample(sample);
            }
            else if (sample.Kind >= SampleKind.ProbeSent)
            {
                _probes?.Take(sample, now);
            }
            else
            {
                TakeHeartbeat(sample, now, notices);
            }
        }
    }

    private void TakeHeartbeat(in Sample sample, MonoTime now, List<(WallTime At, Action Tell)> notices)
    {
        if (_peers is null)
        {
            return;
        }

        if (!_peers.Knows(sample.Peer))
        {
            // It joined after the events were read: its first heartbeats belong to its series.
            _peers.DrainEvents(notices, now);
        }

        _slices?.OnSample(sample);
        _peers.Take(sample, now);
    }

    private void CloseWindow(MonoTime now, bool isLast)
    {
        if (now >= _windowEnd || isLast)
        {
            WakeErrors.CloseWindow();
            _windowEnd = now + Window;
        }
    }
}
