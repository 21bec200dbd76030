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
public sealed class MeshNode
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
        Counters.Wakeups++;
        _stalls.Note(due, now.Mono);
        _observer.OnWoke(now.Mono - due);
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

    private void SendHeartbeat(MeshConnection connection, in SendSlot slot)
    {
        var told = connection.ToldUpTo;
        var length = HeartbeatWire.WritePing(_frame, _now.Wall.Microseconds);
        if (told < _roster.Newest)
        {
            length = AppendList(connection, length, ref told);
        }

        var outcome = _transport.Send(connection.Id, _frame.AsSpan(0, length));
        var isMeasured = connection.Peer!.Current == connection;
        if (slot.Skipped > 0 && isMeasured)
        {
            _observer.OnUnsent(connection.Peer.Id, UnsentReason.Late, slot.Skipped);
        }

        if (outcome == SendOutcome.Broken)
        {
            Close(connection, CloseReason.Broken);
            return;
        }

        if (isMeasured)
        {
            if (outcome == SendOutcome.Backpressure)
            {
                _observer.OnUnsent(connection.Peer.Id, UnsentReason.Backpressure, 1);
            }
            else
            {
                _observer.OnSent(connection.Peer.Id, slot);
            }
        }

        if (outcome == SendOutcome.Sent)
        {
            Counters.HeartbeatsSent++;
            connection.LastTaken = _now.Mono;
            connection.ToldUpTo = told;
        }
    }

    private int AppendList(MeshConnection connection, int length, ref long told)
    {
        for (var i = _roster.IndexAfter(told); i < _roster.Count; i++)
        {
            var (number, node) = _roster[i];
            if (node != connection.Peer!.Identity)
            {
                var longer = HeartbeatWire.AppendEntry(_frame, length, node);
                if (longer == length)
                {
                    return length;
                }

                length = longer;
            }

            told = number;
        }

        told = _roster.Newest;
        return length;
    }

    private void OnHello(MeshConnection connection, ReadOnlySpan<byte> body)
    {
        if (HeartbeatWire.ReadHello(body, out var identity) != FrameError.None)
        {
            Refuse(connection, RefusalReason.FrameContent);
            return;
        }

        if (identity == _options.Self)
        {
            OnOwnIdentity(connection);
            return;
        }

        var refusal = !Admission.CanBeNode(identity) ? RefusalReason.BadIdentity
            : !_admission.IsAllowed(identity) ? RefusalReason.NotAllowed
            : _peers.IsFullFor(identity) ? RefusalReason.TooManyPeers
            : Paces(identity);
        if (refusal != RefusalReason.None)
        {
            Refuse(connection, refusal);
            return;
        }

        _admission.Leave(connection.Remote);
        Tell(MeshEventKind.ReceivedConnection, identity);
        Establish(connection, identity);
    }

    /// <summary>
    /// A caller who says hello and goes, again and again, each time as somebody else, must not fill the tables of peers here
    /// and the series in the metrics, nor the queue of events to the brim.
    /// </summary>
    private RefusalReason Paces(NodeEndpoint identity)
    {
        if (_peers.Find(identity) is { } known)
        {
            return known.Hellos.TryTake(_now.Mono) ? RefusalReason.None : RefusalReason.Flood;
        }

        return _newcomers.TryTake(_now.Mono) ? RefusalReason.None : RefusalReason.TooManyPeers;
    }

    /// <summary>Our own hello came back to us: either we called ourselves by another name, or somebody pretends.</summary>
    private void OnOwnIdentity(MeshConnection connection)
    {
        foreach (var own in _connections.Open())
        {
            if (own.Outbound && own.Local == connection.Remote)
            {
                FoundSelf(own.Target!);
                Close(own, CloseReason.Self);
                Close(connection, CloseReason.Self);
                return;
            }
        }

        Refuse(connection, RefusalReason.OwnIdentity);
    }

    private void OnHeartbeat(MeshConnection connection, ReadOnlySpan<byte> body, in ReadMoment moment, bool isLast, bool isAlone)
    {
        var refusal = _reader.Read(connection, body, moment, isLast, isAlone, _now);
        if (refusal != RefusalReason.None)
        {
            Refuse(connection, refusal);
            return;
        }

        if (connection.Peer is { HasJoined: false } peer && peer.Current == connection)
        {
            Join(peer);
        }

        if (connection.Peer!.Rival is not null)
        {
            Settle(connection.Peer);
        }

        if (!connection.IsOpen || !HeartbeatReader.HasNewList(connection, body, _now.Mono))
        {
            return;
        }

        // A call that has not yet proved to be the peer's must not spend what the peer's lists may cause.
        connection.ListIsUntaken = !connection.Outbound && connection.Peer.Current != connection;
        if (!connection.ListIsUntaken)
        {
            TakeList(connection, body);
        }
    }

    private void TakeList(MeshConnection connection, ReadOnlySpan<byte> body)
    {
        Counters.ListsRead++;
        _ = HeartbeatWire.ReadPing(body, out var ping);
        foreach (var node in ping)
        {
            if (!connection.ListEntries.TryTake(_now.Mono))
            {
                TellRefusal(connection.Remote, RefusalReason.ListOverflow);
                return;
            }

            if (node == _options.Self || _peers.IsConnected(node))
            {
                continue;
            }

            var refusal = !_admission.MayBeCalled(node) ? RefusalReason.ListEntry
                : !_admission.IsAllowed(node) ? RefusalReason.NotAllowed
                : !_plan.Name(connection.Peer!, node, _now.Mono) ? RefusalReason.ListOverflow
                : RefusalReason.None;
            if (refusal != RefusalReason.None)
            {
                TellRefusal(connection.Remote, refusal);
            }
        }
    }

    private void Establish(MeshConnection connection, NodeEndpoint identity)
    {
        var now = _now.Mono;
        var peer = _peers.GetOrAdd(identity);
        connection.Peer = peer;
        connection.State = ConnectionState.Established;
        connection.EstablishedAt = now;
        connection.LastTaken = now;
        connection.ToldAllAt = now;
        connection.Arrivals = new ArrivalTracker(_wheel.LookInterval * 2);
        connection.Heartbeats = new TokenBucket(_options.MaxHeartbeatsPerSecond, _options.MaxHeartbeatsPerSecond);
        if (peer.Current is null)
        {
            peer.Current = connection;
            _peers.SetConnected(connected: true);
            StartSending(connection);
        }
        else if (peer.Rival is null)
        {
            peer.Rival = connection;
            if (connection.Outbound != peer.Current.Outbound)
            {
                // Both ends wait for a heartbeat on the call that is to stay. A second call in the same direction gets
                // none: it is a stranger or a duplicate until the first has fallen silent.
                StartSending(connection);
            }
        }
        else
        {
            Close(connection, CloseReason.Duplicate);
            return;
        }

        AbandonCall(peer, connection);
    }

    private void StartSending(MeshConnection connection)
    {
        if (connection.WheelSlot < 0)
        {
            connection.LastTaken = _now.Mono;
            connection.Schedule = new SendSchedule(_wheel.Add(connection), _wheel.Interval);
        }
    }

    private void Join(MeshPeer peer)
    {
        peer.HasJoined = peer.HasEverJoined = true;
        Counters.Connects++;
        _roster.Add(peer.Identity);
        Tell(MeshEventKind.PeerJoined, peer.Identity, peer.Id);
    }

    /// <summary>A connection stands: a call to the same node that nobody has answered yet is not needed any more.</summary>
    private void AbandonCall(MeshPeer peer, MeshConnection standing)
    {
        foreach (var other in _connections.Open())
        {
            if (other != standing && other.State == ConnectionState.Dialing && other.Remote == peer.Identity)
            {
                Close(other, CloseReason.Duplicate);
            }
        }
    }

    private void Settle(MeshPeer peer)
    {
        var loser = Contest.Loser(peer, _options.Self < peer.Identity, _options.PingInterval, _now.Mono);
        if (loser is null)
        {
            return;
        }

        if (!loser.Outbound)
        {
            peer.TurnedAwayAt = _now.Mono;
        }

        Close(loser, CloseReason.Duplicate);
    }

    /// <summary>True where one more connection to the node has a place.</summary>
    private bool IsWanted(NodeEndpoint node) => _peers.Find(node)?.Rival is null && !_peers.IsFullFor(node);

    private void Check(MeshConnection connection)
    {
        var now = _now.Mono;
        switch (connection.State)
        {
            case ConnectionState.Dialing when now - connection.OpenedAt > _options.DialTimeout:
                FailDial(connection, DialFailure.TimedOut);
                return;
            case ConnectionState.AwaitingHello when now - connection.OpenedAt > _options.HelloTimeout:
                Refuse(connection, RefusalReason.HelloTimeout);
                return;
            case ConnectionState.Established:
                CheckEstablished(connection);
                break;
        }

        if (connection.IsOpen && connection.PartialSince is { } since && now - since > _options.FrameTimeout)
        {
            Refuse(connection, RefusalReason.FrameTimeout);
        }
    }

    private void CheckEstablished(MeshConnection connection)
    {
        var now = _now.Mono;
        var peer = connection.Peer!;
        if (peer.Rival is not null)
        {
            Settle(peer);
            if (!connection.IsOpen)
            {
                return;
            }
        }

        var silence = now - connection.LastHeard;
        if (silence > _options.SilenceLimit)
        {
            Close(connection, CloseReason.Silent);
        }
        else if (now - connection.LastTaken > _options.SilenceLimit)
        {
            Close(connection, CloseReason.NotReading);
        }
        else if (peer.Current == connection)
        {
            _reader.WatchSilence(connection, silence, _now);
        }

        var refresh = Duration.Max(_options.RetryCeiling, Duration.FromMilliseconds(50L * _roster.Count));
        if (now - connection.ToldAllAt > refresh)
        {
            connection.ToldUpTo = 0;
            connection.ToldAllAt = now;
        }
    }

    private void Begin(DialTarget target)
    {
        if (target.Host is not { } host)
        {
            Dial(target);
            return;
        }

        target.Resolving = true;
        _transport.Resolve(target.Server, host);
    }

    private void Dial(DialTarget target)
    {
        Counters.Dials++;
        if (!target.WasAnnounced)
        {
            target.WasAnnounced = true;
            Tell(MeshEventKind.NewRemote, target.Endpoint);
        }

        Tell(MeshEventKind.Connecting, target.Endpoint);
        var connection = _connections.Add(outbound: true, target.Endpoint, _now.Mono);
        Counters.Connections = _connections.Count;
        connection.Target = target;
        _plan.Began(target, connection);
        _transport.Dial(connection.Id, target.Endpoint);
    }

    private void FailDial(MeshConnection connection, DialFailure failure)
    {
        var target = connection.Target!;
        Counters.DialFailures++;
        var tell = target.Failures == 0 || ShouldTell(target);
        Remove(connection, abort: true);
        _plan.Answered(target);
        _plan.Ended(target, useful: false, turnedAway: false, _now.Mono);
        if (tell)
        {
            target.FailureTold = _now.Mono;
            _observer.OnEvent(new MeshEvent(MeshEventKind.DialFailed, _now.Wall, 0, connection.Remote)
            {
                Failure = failure,
                WillRetry = target.IsServer,
                Name = target.Host,
            });
        }
    }

    /// <summary>A failure that goes on is told once per report.</summary>
    private bool ShouldTell(DialTarget target)
    {
        if (!target.IsServer || (target.FailureTold is { } told && _now.Mono - told < _options.ReportInterval))
        {
            return false;
        }

        target.FailureTold = _now.Mono;
        return true;
    }

    private void FoundSelf(DialTarget target)
    {
        target.IsSelf = true;
        _observer.OnEvent(new MeshEvent(MeshEventKind.ServerIsSelf, _now.Wall, 0, target.Endpoint) { Name = target.Host });
    }

    private void Refuse(MeshConnection connection, RefusalReason reason)
    {
        TellRefusal(connection.Remote, reason);
        Close(connection, CloseReason.Refused);
    }

    private void TellRefusal(NodeEndpoint source, RefusalReason reason)
    {
        if (_admission.Refuse(source, reason, _now.Mono, out var suppressed))
        {
            _observer.OnEvent(new MeshEvent(MeshEventKind.Refused, _now.Wall, 0, source) { Refusal = reason, Suppressed = suppressed });
        }
    }

    private void Close(MeshConnection connection, CloseReason reason)
    {
        if (!connection.IsOpen)
        {
            return;
        }

        var before = connection.State;
        Remove(connection, abort: reason is CloseReason.Refused or CloseReason.NotReading or CloseReason.Silent);
        if (before == ConnectionState.AwaitingHello)
        {
            _admission.Leave(connection.Remote);
        }

        if (connection.Target is { } target)
        {
            if (before == ConnectionState.Dialing)
            {
                _plan.Answered(target);
            }

            var heard = connection.Arrivals.HasLast;
            var useful = reason == CloseReason.Duplicate || (heard && _now.Mono - connection.EstablishedAt > s_usefulLife);
            _plan.Ended(target, useful, turnedAway: before == ConnectionState.Established && !heard, _now.Mono);
        }

        if (connection.Peer is { } peer)
        {
            Depart(peer, connection, reason);
        }
    }

    private void Depart(MeshPeer peer, MeshConnection connection, CloseReason reason)
    {
        if (reason == CloseReason.Duplicate)
        {
            Counters.Duplicates++;
        }

        if (peer.Rival == connection)
        {
            peer.Rival = null;
        }
        else if (peer.Current == connection)
        {
            (peer.Current, peer.Rival) = (peer.Rival, null);
        }
        else
        {
            return;
        }

        if (peer.Current is { } standing)
        {
            StartSending(standing);
            _observer.OnEvent(new MeshEvent(MeshEventKind.ConnectionClosed, _now.Wall, peer.Id, peer.Identity) { Close = reason });
            if (standing.ListIsUntaken)
            {
                standing.ListIsUntaken = false;
                TakeList(standing, standing.LastListing);
            }

            return;
        }

        _peers.SetConnected(connected: false);
        peer.LeftAt = _now.Mono;
        if (!peer.HasJoined)
        {
            return;
        }

        peer.HasJoined = false;
        Counters.Disconnects++;
        _roster.Remove(peer.Identity);
        _observer.OnEvent(new MeshEvent(MeshEventKind.PeerLeft, _now.Wall, peer.Id, peer.Identity) { Close = reason });
    }

    private void Remove(MeshConnection connection, bool abort)
    {
        connection.State = ConnectionState.Closed;
        _wheel.Remove(connection);
        _connections.Remove(connection);
        Counters.Connections = _connections.Count;
        _transport.Close(connection.Id, abort);
    }

    private void Tell(MeshEventKind kind, NodeEndpoint node, int peer = 0) =>
        _observer.OnEvent(new MeshEvent(kind, _now.Wall, peer, node));
}
