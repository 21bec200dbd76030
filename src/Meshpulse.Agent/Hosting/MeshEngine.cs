using System.Collections.Concurrent;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Hosting;

/// <summary>
/// The probing thread: one for all peers. It sleeps until an absolute time, reads what has come, lets the node decide, sends
/// what is due with the clock read for each heartbeat, and sleeps again. It allocates nothing in steady state, takes no lock
/// and logs nothing; what it has to say goes through the <see cref="ProbeOutbox"/>.
/// </summary>
internal sealed class MeshEngine : IDisposable
{
    private static readonly TimeSpan s_stopPatience = TimeSpan.FromMilliseconds(500);

    private readonly MeshEngineOptions _options;
    private readonly ProbeOutbox _outbox;
    private readonly SocketTransport _transport;
    private readonly ConcurrentQueue<(int Server, IReadOnlyList<NodeEndpoint> Addresses)> _resolved = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MeshNode _node;
    private readonly Thread _thread;
    private volatile bool _stop;

    /// <summary>Takes the listening port; the probing begins with <see cref="Start"/>.</summary>
    /// <exception cref="SocketSetupException">The port is in use, or the address is not this host's.</exception>
    public MeshEngine(MeshEngineOptions options, ProbeOutbox outbox, Action<int, string> resolve)
    {
        _options = options;
        _outbox = outbox;
        _transport = new SocketTransport(options.Mesh, resolve);
        _node = new MeshNode(options.Mesh, _transport, outbox, new SplitMix64(options.Seed), SystemClocks.Pair());
        foreach (var (host, endpoint) in options.Servers)
        {
            _node.AddServer(host, endpoint);
        }

        // The stack of a thread that runs for ever and calls shallowly: less would do, but 256 kB is never touched whole.
        _thread = new Thread(Run, 256 * 1024) { Name = "probing", IsBackground = true };
    }

    /// <summary>What the node counted; may be read from any thread.</summary>
    public MeshCounters Counters => _node.Counters;

    /// <summary>The interval that is really kept.</summary>
    public Duration PingInterval => _node.PingInterval;

    /// <summary>What the system granted of what makes the thread punctual; known once it runs.</summary>
    public TuningReport Tuning { get; private set; } = TuningReport.None;

    /// <summary>Bytes that the probing thread has allocated on the managed heap since it began.</summary>
    public long AllocatedBytes { get; private set; }

    /// <summary>Heartbeat reads whose arrival the kernel stamped, and those whose arrival is the reader's own clock.</summary>
    public (long Kernel, long User) Stamps => (_transport.KernelStamps, _transport.UserStamps);

    /// <summary>Ends when the thread does; faulted where it died of an error, which would be a defect of ours.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Begins to probe.</summary>
    public void Start() => _thread.Start();

    /// <summary>A name was looked up; from any thread.</summary>
    public void OnResolved(int server, IReadOnlyList<NodeEndpoint> addresses) => _resolved.Enqueue((server, addresses));

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
        _transport.Dispose();
    }

    private void Run()
    {
        try
        {
            Tuning = TuningReport.Apply(_options.Realtime);
            while (!_stop)
            {
                Turn();
            }

            _node.Leave(SystemClocks.Pair());
            _ended.SetResult();
        }
        catch (Exception e)
        {
            _ended.SetException(e);
        }
    }

    private void Turn()
    {
        var due = _node.NextWake;
        _ = AbsoluteSleep.Until(due);
        var now = SystemClocks.Pair();
        _node.OnWoke(due, now);
        _transport.Look(_node, now);
        while (_resolved.TryDequeue(out var answer))
        {
            _node.OnResolved(answer.Server, answer.Addresses, SystemClocks.Pair());
        }

        _node.Poll(SystemClocks.Pair());
        while (_node.TrySendNext(SystemClocks.Pair()))
        {
        }

        AllocatedBytes = GC.GetAllocatedBytesForCurrentThread();
    }
}
