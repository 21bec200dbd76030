using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Sim.Checkers;
using Meshpulse.Sim.Network;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Sim.Hosts;

/// <summary>
/// A host that runs the real <see cref="MeshNode"/>: it wakes when the node wants to, reads what has arrived, and lets it
/// send, as the agent's probing thread does. It can be frozen (the kernel goes on receiving, nobody reads), killed, and have
/// its wall clock stepped.
/// </summary>
public sealed class SimMeshHost : ISimHost, IMeshTransport
{
    private readonly SimNetwork _network;
    private readonly Dictionary<int, SimSocket> _sockets = [];
    private readonly Queue<Action<ClockPairing>> _ready = [];
    private readonly HashSet<int> _dialing = [];
    private MonoTime _lastLook;
    private MonoTime _wake;
    private MonoTime _frozenUntil;
    private bool _dead;

    /// <summary>Starts a node.</summary>
    public SimMeshHost(SimNetwork network, MeshOptions options, ulong seed, params ReadOnlySpan<NodeEndpoint> servers)
    {
        _network = network;
        Self = options.Self;
        Node = new MeshNode(options, this, Observed, new SplitMix64(seed), Pairing);
        foreach (var server in servers)
        {
            Node.AddServer(null, server);
        }

        network.Listen(Self, this);
        _lastLook = network.Clock.Now;
        Sleep();
    }

    /// <summary>Its identity.</summary>
    public NodeEndpoint Self { get; }

    /// <summary>The node that is being tried.</summary>
    public MeshNode Node { get; }

    /// <summary>What it saw.</summary>
    public ObservationLog Observed { get; } = new();

    /// <summary>Its wall clock against virtual time.</summary>
    public Duration WallOffset { get; set; } = Duration.FromSeconds(1_700_000_000);

    /// <summary>The nodes that it is connected to.</summary>
    public HashSet<NodeEndpoint> Peers => [.. Node.ConnectedPeers.Select(p => p.Node)];

    private ClockPairing Pairing => new(_network.Clock.Now, new WallTime(_network.Clock.Now.Nanoseconds) + WallOffset);

    /// <summary>Its processes don't run for a while.</summary>
    public void Freeze(Duration span) => _frozenUntil = _network.Clock.Now + span;

    /// <summary>The process dies: the kernel closes its sockets.</summary>
    public void Kill()
    {
        _dead = true;
        _network.StopListening(Self);
        foreach (var socket in _sockets.Values)
        {
            socket.Close();
        }
    }

    /// <summary>The whole host vanishes: nobody is told.</summary>
    public void Vanish()
    {
        _dead = true;
        _network.StopListening(Self);
    }

    void ISimHost.Accepted(SimSocket socket) => _ready.Enqueue(now =>
    {
        var id = Node.OnAccepted(socket.Remote, socket.Local, now);
        if (id < 0)
        {
            socket.Close();
            return;
        }

        _sockets[id] = socket;
        ReadSocket(id, socket, now);
    });

    void ISimHost.Connected(int connection, SimSocket socket) => _ready.Enqueue(now =>
    {
        if (!_dialing.Remove(connection))
        {
            socket.Close();
            return;
        }

        _sockets[connection] = socket;
        Node.OnConnected(connection, socket.Local, now);
    });

    void ISimHost.DialFailed(int connection, DialFailure failure) => _ready.Enqueue(now =>
    {
        if (_dialing.Remove(connection))
        {
            Node.OnDialFailed(connection, failure, now);
        }
    });

    void ISimHost.Readable(SimSocket socket)
    {
    }

    void IMeshTransport.Dial(int connection, NodeEndpoint remote)
    {
        _dialing.Add(connection);
        _network.Dial(this, connection, _network.EphemeralPort(Self), remote);
    }

    SendOutcome IMeshTransport.Send(int connection, ReadOnlySpan<byte> frame)
    {
        if (!_sockets.TryGetValue(connection, out var socket))
        {
            return SendOutcome.Broken;
        }

        socket.Send(frame);
        return SendOutcome.Sent;
    }

    void IMeshTransport.Close(int connection, bool abort)
    {
        _dialing.Remove(connection);
        if (_sockets.Remove(connection, out var socket))
        {
            socket.Close();
        }
    }

    void IMeshTransport.Resolve(int server, string host) => _ready.Enqueue(now => Node.OnResolved(server, [], now));

    bool IMeshTransport.TryGetInfo(int connection, out TransportInfo info)
    {
        info = default;
        return false;
    }

    private void Sleep()
    {
        _wake = Node.NextWake;
        _network.Clock.At(_wake, Wake);
    }

    private void Wake()
    {
        if (_dead)
        {
            return;
        }

        if (_network.Clock.Now < _frozenUntil)
        {
            _network.Clock.At(_frozenUntil, Wake);
            return;
        }

        var now = Pairing;
        Node.OnWoke(_wake, now);
        while (_ready.TryDequeue(out var happened))
        {
            happened(now);
        }

        foreach (var (id, socket) in _sockets.ToArray())
        {
            ReadSocket(id, socket, now);
        }

        _lastLook = now.Mono;
        Node.Poll(now);
        while (Node.TrySendNext(now))
        {
        }

        Sleep();
    }

    private void ReadSocket(int id, SimSocket socket, ClockPairing now)
    {
        if (!_sockets.TryGetValue(id, out var mine) || mine != socket)
        {
            return;
        }

        var bytes = socket.Read();
        if (bytes.Length > 0)
        {
            var age = now.Mono - socket.LastArrival;
            Node.OnReceived(id, bytes, new ReadMoment(_lastLook, socket.LastArrival, now.Wall - age, StampSource.Kernel), now);
        }

        if (socket.IsAtEnd && _sockets.TryGetValue(id, out mine) && mine == socket)
        {
            Node.OnClosed(id, CloseReason.EndOfStream, now);
        }
    }
}
