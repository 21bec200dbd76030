using System.Collections.Concurrent;
using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Agent.Paths;

/// <summary>The STAMP paths' part of the probing thread: the node and its sockets.</summary>
internal sealed class PathDriver : IDisposable
{
    // Adding a path opens some sockets' worth of state; thousands of them must not hold up those that are probed.
    private const int CommandsPerTurn = 8;

    // At a thousand paths a turn comes each millisecond at least: all windows are out long before the next ones end.
    private const int EndsPerTurn = 32;

    private static readonly Duration s_idle = Duration.FromMilliseconds(50);
    private static readonly Duration s_second = Duration.FromSeconds(1);

    private readonly ConcurrentQueue<Action<PathNode>> _commands = new();
    private readonly IPathSockets _sockets;
    private readonly PathNode _node;
    private MonoTime _lastTurn;
    private MonoTime _nextCount;
    private bool _isEnding;

    /// <summary>No paths yet.</summary>
    /// <param name="sockets">By which they are probed; goes with the driver.</param>
    /// <param name="observer">Who is told what is seen.</param>
    /// <param name="seed">For offsets and session ids.</param>
    public PathDriver(IPathSockets sockets, IPathObserver observer, ulong seed)
    {
        _sockets = sockets;
        _node = new PathNode(sockets, observer, new SplitMix64(seed), SystemClocks.Mono());
    }

    /// <summary>What is counted of the probes; may be read from any thread.</summary>
    public ProbeTraffic Traffic => _sockets.Traffic;

    /// <summary>Kernel times of sending that came.</summary>
    public long SendStamps => _sockets.SendStamps;

    public MonoTime NextWake => _isEnding ? _lastTurn : MonoTime.Min(_node.NextWake, _lastTurn + s_idle);

    /// <summary>The thread begins: its first turn is due now.</summary>
    public void Begin(MonoTime now) => _lastTurn = now - s_idle;

    /// <summary>Has something done on the probing thread, soon; from any thread.</summary>
    public void Post(Action<PathNode> command) => _commands.Enqueue(command);

    /// <summary>One turn: reads what came, decides, sends what is due with the clock read for each probe.</summary>
    public void Turn(ClockPairing now)
    {
        _lastTurn = now.Mono;
        _sockets.Look(_node, now);
        for (var i = 0; i < CommandsPerTurn && _commands.TryDequeue(out var command); i++)
        {
            command(_node);
        }

        while (_node.TrySendNext(SystemClocks.Pair()))
        {
        }

        // Before the second that is over is told of, so that what was dropped in it stands in it.
        if (now.Mono >= _nextCount)
        {
            _nextCount = new MonoTime(((now.Mono.Nanoseconds / s_second.Nanoseconds) + 1) * s_second.Nanoseconds);
            _sockets.CountDrops();
        }

        _isEnding = true;
        for (var i = 0; i < EndsPerTurn && _isEnding; i++)
        {
            _isEnding = _node.TryEndWindow(now.Mono);
        }
    }

    public void Dispose() => _sockets.Dispose();
}
