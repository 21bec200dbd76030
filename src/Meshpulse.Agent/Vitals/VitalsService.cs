using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;
using Meshpulse.Linux.Timing;
using Meshpulse.Linux.Vitals;

namespace Meshpulse.Agent.Vitals;

/// <summary>
/// Watches the host: a thread of its own that reads it four times a second and makes a <see cref="HostWindow"/> each time. Not the probing thread, which must not
/// wait for files, nor the pool, whose lateness would be taken for the host's: how late this thread itself wakes up is one of the figures.
/// </summary>
internal sealed class VitalsService : IDisposable
{
    private static readonly Duration s_interval = Duration.FromMilliseconds(250);
    private static readonly Duration s_lateHole = Duration.FromMilliseconds(50);
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_stopPatience = TimeSpan.FromMilliseconds(500);

    private readonly ProbingWatch _watch;
    private readonly Func<long> _receiveDrops;
    private readonly HostReader _reader;
    private readonly VitalsMeter _meter = new();
    private readonly VitalsTotals _totals = new();
    private readonly Lock _lock = new();
    private readonly ManualResetEvent _stop = new(initialState: false);
    private readonly Thread _thread;
    private int _stopped;

    /// <summary>Prepares; nothing runs before <see cref="Start"/>.</summary>
    /// <param name="roots">Where the host's sources are.</param>
    /// <param name="watch">What the probing thread tells.</param>
    /// <param name="receiveDrops">What our own sockets' queues had no room for, since the start; called on the thread of this.</param>
    public VitalsService(HostRoots roots, ProbingWatch watch, Func<long> receiveDrops)
    {
        (_watch, _receiveDrops) = (watch, receiveDrops);
        _reader = new HostReader(roots);
        _thread = new Thread(Run, 256 * 1024) { Name = "vitals", IsBackground = true };
    }

    /// <summary>A window has ended. Called on this service's thread, four times a second and in order; who takes long makes the next window longer.</summary>
    public event Action<HostWindow>? Closed;

    /// <summary>Begins to watch. <see cref="Closed"/> has its listeners by now.</summary>
    public void Start() => _thread.Start();

    /// <summary>Lets a reader see the sums while nothing changes them.</summary>
    public void Read(Action<VitalsTotals> reader)
    {
        lock (_lock)
        {
            reader(_totals);
        }
    }

    /// <summary>Ends the thread; waits at most half a second.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
        {
            return;
        }

        _stop.Set();
        if (!_thread.IsAlive || _thread.Join(s_stopPatience))
        {
            _stop.Dispose();
            _reader.Dispose();
        }
    }

    private void Run()
    {
        Turn(null);
        var due = SystemClocks.Mono() + s_interval;
        while (!_stop.WaitOne(Until(due)))
        {
            Turn(due);
            var now = SystemClocks.Mono();
            // On a grid; after a long hole the missed ones are left out.
            due += s_interval * (1 + (Math.Max(0, (now - due).Nanoseconds) / s_interval.Nanoseconds));
        }
    }

    /// <summary>In whole milliseconds, which is what the wait takes, and never too few.</summary>
    private static TimeSpan Until(MonoTime due) => TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling((due - SystemClocks.Mono()).Milliseconds)));

    private void Turn(MonoTime? due)
    {
        var reading = _reader.Read(due, _watch.Tid);
        if (reading.Clocks.Mono - due >= s_lateHole)
        {
            // The probing thread may have come out of the same hole a moment later: its word belongs to this window.
            _ = _stop.WaitOne(s_patience);
        }

        var window = _meter.Close(
            reading with { RuntimePauses = PausesOf(GC.GetTotalPauseDuration()), Network = reading.Network with { ReceiveDrops = _receiveDrops() } },
            Stalls(reading.Clocks.Mono));
        if (window is null)
        {
            return;
        }

        lock (_lock)
        {
            _totals.Add(window);
        }

        Closed?.Invoke(window);
    }

    private List<HostStall> Stalls(MonoTime now)
    {
        var stalls = new List<HostStall>();
        while (_watch.TryTake(out var stall))
        {
            stalls.Add(stall);
        }

        if (_watch.Ongoing(now) is { } lasting)
        {
            stalls.Add(lasting);
        }

        return stalls;
    }

    private static Duration PausesOf(TimeSpan pauses) => new(pauses.Ticks * TimeSpan.NanosecondsPerTick);
}
