using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Heartbeat;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Membership;

/// <summary>What goes over a connection that stands: hellos, heartbeats, lists.</summary>
public sealed partial class MeshNode
{
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
}
