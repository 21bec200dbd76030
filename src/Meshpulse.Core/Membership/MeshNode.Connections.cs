using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Membership;

/// <summary>How connections begin to count, are watched, and end.</summary>
public sealed partial class MeshNode
{
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
}
