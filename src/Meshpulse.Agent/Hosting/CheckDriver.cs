using System.Collections.Concurrent;
using Meshpulse.Core.Checks;
using Meshpulse.Core.Probing.UdpPing;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.UdpPing;

namespace Meshpulse.Agent.Hosting;

/// <summary>The checks' part of the probing thread: the node, its sockets and the reflector.</summary>
internal sealed class CheckDriver : IDisposable
{
    private const int ReflectorToken = -1;

    // Adding a probe takes a microsecond or two; a reload of thousands must not hold up those that stay.
    private const int CommandsPerTurn = 32;

    private static readonly Duration s_idle = Duration.FromMilliseconds(50);
    private static readonly Duration s_second = Duration.FromSeconds(1);

    private readonly Poller _waking = new(64);
    private readonly PollEvent[] _events = new PollEvent[64];
    private readonly ConcurrentQueue<Action<CheckNode>> _commands = new();
    private readonly ConcurrentQueue<(NodeEndpoint Wanted, Action<SocketSetupException?> Told)> _moves = new();
    private readonly CheckSockets _sockets;
    private readonly CheckNode _node;
    private readonly DelayBuckets _reflectorDelays = new();
    private ReflectorSocket _reflector;
    private MonoTime _lastTurn;
    private MonoTime _nextCount;
    private uint _seenReflectorDrops;
    private long _reflectorDrops;

    /// <summary>Takes the reflector's port.</summary>
    /// <exception cref="ReflectorStartException">The port is in use or not permitted.</exception>
    public CheckDriver(CheckDriverOptions options, ICheckObserver observer, ulong seed)
    {
        var random = new SplitMix64(seed);
        Responder = new UdpPingResponder(options.Limits, random.Next());
        _reflector = Open(options.Reflector);
        _ = _waking.Add(_reflector.Socket, ReflectorToken, PollInterest.Read);
        _sockets = new CheckSockets(_waking, options.Fetch);
        _node = new CheckNode(_sockets, observer, random, SystemClocks.Mono());
    }

    /// <summary>Counts what the reflector decided; may be read from any thread.</summary>
    public UdpPingResponder Responder { get; }

    /// <summary>Where the reflector listens, and whether that is only because the wanted address is not this host's.</summary>
    public (NodeEndpoint Local, bool IsFallback) Reflector => (_reflector.Local, _reflector.IsFallback);

    /// <summary>What is counted of the probes; may be read from any thread.</summary>
    public ProbeTraffic Traffic => _sockets.Traffic;

    /// <summary>How long stamped requests to the reflector lay here before they were read; may be read from any thread.</summary>
    public DelayBuckets ReflectorDelays => _reflectorDelays;

    /// <summary>Datagrams that our own receive queues dropped, as of the last second: answers, and requests to the reflector.</summary>
    public (long Probes, long Reflector) Drops => (_sockets.Traffic.Drops, Volatile.Read(ref _reflectorDrops));

    /// <summary>Answers that this host refused to send.</summary>
    public long ReflectorUnsent => _reflector.Unsent;

    public MonoTime NextWake => MonoTime.Min(_node.NextWake, _lastTurn + s_idle);

    /// <summary>The thread begins: its first turn is due now, and it is not late since the machine's start.</summary>
    public void Begin(MonoTime now) => _lastTurn = now - s_idle;

    /// <summary>Has something done on the probing thread, soon; from any thread.</summary>
    public void Post(Action<CheckNode> command) => _commands.Enqueue(command);

    /// <summary>Has the reflector listen elsewhere, soon; from any thread.</summary>
    /// <param name="wanted">Where.</param>
    /// <param name="told">Is told on the probing thread that it does, or why it stays where it was; must not block.</param>
    public void MoveReflector(NodeEndpoint wanted, Action<SocketSetupException?> told) => _moves.Enqueue((wanted, told));

    /// <summary>Sleeps until a moment or until something comes that can't wait, which is served.</summary>
    public void WaitUntil(MonoTime due)
    {
        var count = _waking.Wait(_events, due - SystemClocks.Mono()).Count;
        for (var i = 0; i < count; i++)
        {
            var token = _events[i].Token;
            if (token == ReflectorToken)
            {
                _reflector.Serve(Responder, _reflectorDelays);
            }
            else
            {
                _sockets.Serve(_node, token);
            }
        }
    }

    /// <summary>One turn: reads what came, decides, sends what is due with the clock read for each probe.</summary>
    public void Turn(ClockPairing now)
    {
        _lastTurn = now.Mono;
        _sockets.Look(_node, now);
        for (var i = 0; i < CommandsPerTurn && _commands.TryDequeue(out var command); i++)
        {
            command(_node);
        }

        while (_node.TrySendNext(SystemClocks.Mono()))
        {
        }

        if (now.Mono >= _nextCount)
        {
            _nextCount = now.Mono + s_second;
            CountDrops();
            MoveReflector();
        }
    }

    public void Dispose()
    {
        _sockets.Dispose();
        _reflector.Dispose();
        _waking.Dispose();
    }

    private static ReflectorSocket Open(NodeEndpoint wanted)
    {
        try
        {
            return ReflectorSocket.Open(wanted);
        }
        catch (SocketSetupException e)
        {
            throw new ReflectorStartException(wanted, e);
        }
    }

    private void CountDrops()
    {
        _sockets.CountDrops();
        if (_reflector.Socket.TryGetDrops(out var drops))
        {
            Volatile.Write(ref _reflectorDrops, _reflectorDrops + (drops - _seenReflectorDrops));
            _seenReflectorDrops = drops;
        }
    }

    private void MoveReflector()
    {
        while (_moves.TryDequeue(out var move))
        {
            var old = _reflector;
            // First: from all addresses to one of them the port is the same, and can't be had twice.
            old.Dispose();
            var refused = TryListen(move.Wanted, old.Unsent);
            if (refused is not null)
            {
                _ = TryListen(old.Wanted, old.Unsent);
            }

            move.Told(refused);
        }

        if (_reflector.Socket.IsClosed)
        {
            // Somebody else took the old port in the moment between; it is asked for again each second.
            _ = TryListen(_reflector.Wanted, _reflector.Unsent);
        }
    }

    private SocketSetupException? TryListen(NodeEndpoint wanted, long unsentBefore)
    {
        try
        {
            _reflector = ReflectorSocket.Open(wanted, unsentBefore);
        }
        catch (SocketSetupException e)
        {
            return e;
        }

        _seenReflectorDrops = 0;
        _ = _waking.Add(_reflector.Socket, ReflectorToken, PollInterest.Read);
        return null;
    }
}
