using Meshpulse.Core.Probing;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Heartbeat;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Membership;

/// <summary>
/// One node of the heartbeat mesh, without a socket, a clock or a thread: it is called with the time and with what came,
/// and calls the transport with what is to be done. The agent's probing thread and the simulator run this same object.
/// <para>
/// A turn is: <see cref="OnWoke"/>, then whatever the transport has (<see cref="OnAccepted"/>, <see cref="OnConnected"/>,
/// <see cref="OnReceived"/>, <see cref="OnClosed"/>), then <see cref="Poll"/>, then <see cref="TrySendNext"/> until it says
/// no, then sleep until <see cref="NextWake"/>. Reading comes before judging: after a stall of our own, what waited in the
/// sockets is taken in before anybody is called silent.
/// </para>
/// Not thread-safe: one thread owns it. Only <see cref="Counters"/> may be read from others.
/// </summary>
public sealed partial class MeshNode
{
    private static readonly Duration s_sweepInterval = Duration.FromMilliseconds(50);
    private static readonly Duration s_usefulLife = Duration.FromSeconds(3);

    private readonly MeshOptions _options;
    private readonly IMeshTransport _transport;
    private readonly IMeshObserver _observer;
    private readonly ConnectionTable _connections;
    private readonly PeerTable _peers;
    private readonly Admission _admission;
    private readonly DialPlan _plan;
    private readonly SendWheel _wheel;
    private readonly Roster _roster = new();
    private readonly StallLog _stalls;
    private readonly HeartbeatReader _reader;
    private readonly byte[] _frame = new byte[HeartbeatWire.MaxFrame];
    // Kept, since a method group would make a delegate at each use.
    private readonly Func<NodeEndpoint, bool> _isConnected;
    private TokenBucket _newcomers;
    private ClockPairing _now;
    private MonoTime _nextSweep;

    /// <summary>A node that knows nobody yet.</summary>
    /// <param name="options">Its identity and its bounds.</param>
    /// <param name="transport">Its network.</param>
    /// <param name="observer">Who is told what it sees.</param>
    /// <param name="random">For jitter only.</param>
    /// <param name="now">The time at which it begins; its send grid starts here.</param>
    public MeshNode(MeshOptions options, IMeshTransport transport, IMeshObserver observer, SplitMix64 random, ClockPairing now)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _transport = transport;
        _observer = observer;
        _connections = new ConnectionTable();
        _peers = new PeerTable(options);
        _isConnected = _peers.IsConnected;
        _admission = new Admission(options, Counters);
        _plan = new DialPlan(options, random);
        _wheel = new SendWheel(now.Mono, options.PingInterval);
        _stalls = new StallLog(Duration.Max(options.PingInterval / 2, Duration.FromMilliseconds(1)));
        _reader = new HeartbeatReader(options, transport, observer, Counters, _stalls);
        _newcomers = new TokenBucket(options.NewcomersPerSecond, 10 * options.NewcomersPerSecond);
        _now = now;
        _nextSweep = now.Mono;
    }

    /// <summary>What it counted.</summary>
    public MeshCounters Counters { get; } = new();

    /// <summary>When it wants to be called next, whatever comes.</summary>
    public MonoTime NextWake => _wheel.NextWake;

    /// <summary>The longest time between two looks at the sockets when nothing is late.</summary>
    public Duration LookInterval => _wheel.LookInterval;

    /// <summary>The ping interval that is really used: rounded down to whole send slots, by less than a microsecond.</summary>
    public Duration PingInterval => _wheel.Interval;

    /// <summary>The times at which the probing thread itself was late.</summary>
    public StallLog Stalls => _stalls;

    /// <summary>Peers with a connection that stands.</summary>
    public int PeerCount => _roster.Count;

    /// <summary>The connected peers and their numbers; for tests and for the simulator.</summary>
    public IEnumerable<(int Peer, NodeEndpoint Node)> ConnectedPeers => _peers.Joined.Select(p => (p.Id, p.Identity));

    /// <summary>Connections in any state, calls under way included.</summary>
    public int ConnectionCount => _connections.Count;

    /// <summary>Adds a server of the command line, which is called until it answers and again when it is lost.</summary>
    /// <param name="host">Its name, to be looked up before each call; null where <paramref name="endpoint"/> is the address.</param>
    /// <param name="endpoint">Its address and port; for a name only the port counts.</param>
    public void AddServer(string? host, NodeEndpoint endpoint) =>
        _plan.AddServer(host, endpoint, endpoint.Port, isSelf: host is null && endpoint == _options.Self);

    /// <summary>The probing thread woke up.</summary>
    /// <param name="due">When it wanted to.</param>
    /// <param name="now">When it did.</param>
    public void OnWoke(MonoTime due, ClockPairing now)
    {
        _now = now;
        _stalls.Note(due, now.Mono);
        _observer.OnWoke(now.Mono, now.Mono - due);
    }

    /// <summary>Somebody called.</summary>
    /// <returns>The connection's number, or -1 where it is to be closed at once.</returns>
    public int OnAccepted(NodeEndpoint remote, NodeEndpoint local, ClockPairing now)
    {
        _now = now;
        var refusal = _admission.TryEnter(remote, _connections.Count);
        if (refusal != RefusalReason.None)
        {
            TellRefusal(remote, refusal);
            return -1;
        }

        Counters.Accepted++;
        var connection = _connections.Add(outbound: false, remote, now.Mono);
        connection.Local = local;
        Counters.Connections = _connections.Count;
        return connection.Id;
    }

    /// <summary>A call of ours was answered.</summary>
    public void OnConnected(int id, NodeEndpoint local, ClockPairing now)
    {
        _now = now;
        if (_connections[id] is not { State: ConnectionState.Dialing } connection)
        {
            return;
        }

        connection.Local = local;
        if (!IsWanted(connection.Remote))
        {
            Close(connection, CloseReason.Duplicate);
            return;
        }

        _plan.Answered(connection.Target!);
        connection.State = ConnectionState.Established;

        Tell(MeshEventKind.Connected, connection.Remote);
        var length = HeartbeatWire.WriteHello(_frame, _options.Self);
        if (_transport.Send(id, _frame.AsSpan(0, length)) != SendOutcome.Sent)
        {
            Close(connection, CloseReason.Broken);
            return;
        }

        Tell(MeshEventKind.HandshakeSent, connection.Remote);
        Establish(connection, connection.Remote);
    }

    /// <summary>A call of ours failed.</summary>
    public void OnDialFailed(int id, DialFailure failure, ClockPairing now)
    {
        _now = now;
        if (_connections[id] is { State: ConnectionState.Dialing } connection)
        {
            FailDial(connection, failure);
        }
    }

    /// <summary>Bytes came.</summary>
    /// <param name="id">On which connection.</param>
    /// <param name="data">The bytes, any at all.</param>
    /// <param name="moment">What is known of when they came.</param>
    /// <param name="now">When they were read.</param>
    public void OnReceived(int id, ReadOnlySpan<byte> data, in ReadMoment moment, ClockPairing now)
    {
        _now = now;
        if (_connections[id] is not { } connection || connection.State is ConnectionState.Dialing)
        {
            return;
        }

        var alone = true;
        FrameError error;
        while (connection.Frames.TryNext(ref data, out var body, out error))
        {
            if (connection.State == ConnectionState.AwaitingHello)
            {
                OnHello(connection, body);
            }
            else
            {
                var isLast = data.Length < HeartbeatWire.EmptyPing;
                OnHeartbeat(connection, body, moment, isLast, alone && isLast);
                alone = false;
            }

            connection.PartialSince = null;
            if (!connection.IsOpen)
            {
                return;
            }
        }

        if (error != FrameError.None)
        {
            Refuse(connection, RefusalReason.FrameLength);
        }
        else if (connection.Frames.HasPartialFrame)
        {
            connection.PartialSince ??= now.Mono;
        }
    }

    /// <summary>The other side, or the network, ended a connection.</summary>
    public void OnClosed(int id, CloseReason reason, ClockPairing now)
    {
        _now = now;
        if (_connections[id] is { } connection)
        {
            Close(connection, reason);
        }
    }

    /// <summary>A name was looked up.</summary>
    /// <param name="server">The server's number.</param>
    /// <param name="addresses">Its addresses, or none where it could not be resolved.</param>
    /// <param name="now">The time.</param>
    public void OnResolved(int server, IReadOnlyList<NodeEndpoint> addresses, ClockPairing now)
    {
        _now = now;
        // An answer that nobody waits for any more must not begin a second call beside the first.
        if (_plan.FindServer(server) is not { Resolving: true } target)
        {
            return;
        }

        if (addresses.Count == 0)
        {
            _plan.Postpone(target, now.Mono);
            if (ShouldTell(target))
            {
                _observer.OnEvent(new MeshEvent(MeshEventKind.ResolveFailed, now.Wall, 0, default) { Name = target.Host, WillRetry = true });
            }

            return;
        }

        target.Resolving = false;
        // One address after the other on each failure: a name with a dead address must not hide the live one.
        target.Endpoint = addresses[target.Failures % addresses.Count].WithPort(target.Port);
        target.HasEndpoint = true;
        if (target.Endpoint == _options.Self)
        {
            FoundSelf(target);
        }
        else if (!_peers.IsConnected(target.Endpoint))
        {
            Dial(target);
        }
    }

    /// <summary>Time passed: closes what is overdue, calls who is to be called. Cheap when nothing is due.</summary>
    public void Poll(ClockPairing now)
    {
        _now = now;
        if (now.Mono < _nextSweep)
        {
            return;
        }

        _nextSweep = now.Mono + s_sweepInterval;
        foreach (var connection in _connections.Open())
        {
            Check(connection);
        }

        _peers.Sweep(now.Mono);
        _plan.Sweep(now.Mono);
        _admission.Sweep(now.Mono);
        while (_plan.NextDue(now.Mono, _isConnected) is { } target)
        {
            Begin(target);
        }
    }

    /// <summary>
    /// Sends the next heartbeat that was due when the round began; false ends the round. What becomes due meanwhile waits
    /// for the next one: a host that can't send as fast as the interval asks must still come to read. The time is read anew
    /// for each.
    /// </summary>
    public bool TrySendNext(ClockPairing now)
    {
        _now = now;
        if (!_wheel.TryNext(now.Mono, out var connection))
        {
            return false;
        }

        if (connection.Schedule.TryTake(now.Mono, out var slot))
        {
            SendHeartbeat(connection, slot);
        }

        return true;
    }

    /// <summary>Closes every connection.</summary>
    public void Leave(ClockPairing now)
    {
        _now = now;
        foreach (var connection in _connections.Open())
        {
            Close(connection, CloseReason.Leaving);
        }
    }

    private void Tell(MeshEventKind kind, NodeEndpoint node, int peer = 0) =>
        _observer.OnEvent(new MeshEvent(kind, _now.Wall, peer, node));
}
