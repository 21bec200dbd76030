using Meshpulse.Agent.Paths;
using Meshpulse.Agent.Vitals;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Hosting;

/// <summary>
/// The probing thread: one for all peers of the mesh and all targets of the checks. It sleeps until an absolute time, reads what
/// has come, lets the nodes decide, sends what is due with the clock read for each, and sleeps again. It allocates nothing in steady
/// state, takes no lock and logs nothing; what it has to say goes through the <see cref="ProbeOutbox"/>.
/// <para>
/// Answers are stamped by the kernel and can wait for the next turn. Requests to our reflector can't: nothing in them tells the
/// other side how long they lay here. So where there is a reflector, the sleep ends for whatever comes to it.
/// </para>
/// </summary>
internal sealed class ProbeEngine : IDisposable
{
    private static readonly TimeSpan s_stopPatience = TimeSpan.FromMilliseconds(500);

    private readonly ProbeEngineOptions _options;
    private readonly ProbeOutbox _outbox;
    private readonly TaskCompletionSource _tuned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private long _wakeups;
    private volatile bool _stop;

    /// <summary>Takes the ports; the probing begins with <see cref="Start"/>.</summary>
    /// <exception cref="SocketSetupException">The mesh's port is in use, or the address is not this host's.</exception>
    /// <exception cref="ReflectorStartException">The reflector's port is in use.</exception>
    public ProbeEngine(ProbeEngineOptions options, ProbeOutbox outbox)
    {
        (_options, _outbox) = (options, outbox);
        Watch = new ProbingWatch(options.Proc);
        Mesh = options.Mesh is { } mesh ? new MeshDriver(mesh, options, outbox) : null;
        try
        {
            Checks = options.Checks is { } checks ? new CheckDriver(checks, outbox.Checks, options.Seed) : null;
            Paths = outbox.Paths is { } paths ? new PathDriver(options.PathSockets(), paths, options.Seed) : null;
        }
        catch
        {
            Mesh?.Dispose();
            throw;
        }

        // The stack of a thread that runs for ever and calls shallowly: less would do, but 256 kB is never touched whole.
        _thread = new Thread(Run, 256 * 1024) { Name = "probing", IsBackground = true };
    }

    /// <summary>The heartbeat mesh; null where there is none. Only its counters may be read from other threads.</summary>
    public MeshDriver? Mesh { get; }

    /// <summary>The checks; null where there are none.</summary>
    public CheckDriver? Checks { get; }

    /// <summary>The STAMP paths; null where there are none.</summary>
    public PathDriver? Paths { get; }

    /// <summary>What the thread tells of its stalls.</summary>
    public ProbingWatch Watch { get; }

    /// <summary>What the system granted of what makes the thread punctual; known with <see cref="Tuned"/>.</summary>
    public TuningReport Tuning { get; private set; } = TuningReport.None;

    /// <summary>Ends when <see cref="Tuning"/> is known, right after the start.</summary>
    public Task Tuned => _tuned.Task;

    /// <summary>Bytes that the probing thread has allocated on the managed heap since it began.</summary>
    public long AllocatedBytes { get; private set; }

    /// <summary>Times that it woke up by its own clock.</summary>
    public long Wakeups => Volatile.Read(ref _wakeups);

    /// <summary>Arrivals that the kernel stamped, and those of which the time of reading is all that is known.</summary>
    public (long Kernel, long User) Stamps =>
        ((Mesh?.Transport.KernelStamps ?? 0) + (Checks?.Traffic.KernelStamps ?? 0) + (Paths?.Traffic.KernelStamps ?? 0),
            (Mesh?.Transport.UserStamps ?? 0) + (Checks?.Traffic.UserStamps ?? 0) + (Paths?.Traffic.UserStamps ?? 0));

    /// <summary>Ends when the thread does; faulted where it died of an error, which would be a defect of ours.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Begins to probe.</summary>
    public void Start() => _thread.Start();

    /// <summary>A name of the mesh was looked up; from any thread.</summary>
    public void OnResolved(int server, IReadOnlyList<NodeEndpoint> addresses) => Mesh?.OnResolved(server, addresses);

    /// <summary>Closes all connections and ends the thread; waits at most half a second.</summary>
    public void Stop()
    {
        _stop = true;
        if (_thread.IsAlive)
        {
            _thread.Join(s_stopPatience);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Stop();
        Mesh?.Dispose();
        Checks?.Dispose();
        Paths?.Dispose();
        if (!_thread.IsAlive)
        {
            Watch.Dispose();
        }
    }

    private void Run()
    {
        try
        {
            Tuning = TuningReport.Apply(_options.Realtime);
            _tuned.SetResult();
            if (Checks is not null)
            {
                CheckWarmUp.Run();
                Checks.Begin(SystemClocks.Mono());
            }

            Paths?.Begin(SystemClocks.Mono());
            Watch.Begin(SystemClocks.Mono());
            while (!_stop)
            {
                Turn();
            }

            Mesh?.Node.Leave(SystemClocks.Pair());
            _ended.SetResult();
        }
        catch (Exception e)
        {
            _ended.SetException(e);
        }
    }

    private void Turn()
    {
        var meshDue = Mesh?.Node.NextWake ?? MonoTime.Never;
        var checksDue = Checks?.NextWake ?? MonoTime.Never;
        var pathsDue = Paths?.NextWake ?? MonoTime.Never;
        var due = MonoTime.Min(MonoTime.Min(meshDue, checksDue), pathsDue);
        Watch.OnSleep(due);
        if (!Sleep(due))
        {
            return;
        }

        var now = SystemClocks.Pair();
        Note(due, now);
        if (now.Mono >= meshDue)
        {
            Mesh?.Turn(now);
        }

        if (now.Mono >= checksDue)
        {
            Checks?.Turn(now);
        }

        if (now.Mono >= pathsDue)
        {
            Paths?.Turn(now);
        }

        AllocatedBytes = GC.GetAllocatedBytesForCurrentThread();
    }

    /// <summary>Sleeps; false where something else than the time ended it and the time has not come.</summary>
    private bool Sleep(MonoTime due)
    {
        if (Checks is null)
        {
            _ = AbsoluteSleep.Until(due);
            return true;
        }

        Checks.WaitUntil(due);
        return SystemClocks.Mono() >= due;
    }

    private void Note(MonoTime due, ClockPairing now)
    {
        Volatile.Write(ref _wakeups, _wakeups + 1);
        Watch.OnWoke(due, now.Mono);
        if (Mesh is { } mesh)
        {
            mesh.Node.OnWoke(due, now);
        }
        else
        {
            _outbox.OnWoke(now.Mono, now.Mono - due);
        }
    }
}
