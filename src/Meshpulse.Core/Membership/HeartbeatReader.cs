using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Heartbeat;

namespace Meshpulse.Core.Membership;

/// <summary>Takes heartbeats in: checks them, measures them, notices gaps. The hottest code of receiving; it allocates only for a gap and for a longer list.</summary>
internal sealed class HeartbeatReader(
    MeshOptions options,
    IMeshTransport transport,
    IMeshObserver observer,
    MeshCounters counters,
    StallLog stalls)
{
    private static readonly Duration s_sameListAgain = Duration.FromMilliseconds(500);
    private static readonly Duration s_firstSilence = Duration.FromSeconds(1);

    // Long enough that a segment which was lost has been sent again: what TCP says by then tells a mute host from one that merely says nothing.
    private static readonly Duration s_firstOpenGap = Duration.FromMilliseconds(300);

    /// <summary>Measures one heartbeat, or says why it is refused.</summary>
    public RefusalReason Read(MeshConnection connection, ReadOnlySpan<byte> body, in ReadMoment moment, bool isLast, bool isAlone, ClockPairing now)
    {
        if (HeartbeatWire.ReadPing(body, out var ping) != FrameError.None)
        {
            return RefusalReason.FrameContent;
        }

        if (!connection.Heartbeats.TryTake(now.Mono))
        {
            return RefusalReason.Flood;
        }

        counters.HeartbeatsReceived++;
        var before = connection.Arrivals.Last;
        var arrival = connection.Arrivals.Take(moment, ping.StampMicroseconds, isLast, isAlone);
        if (connection.Peer!.Current != connection)
        {
            return RefusalReason.None;
        }

        observer.OnReceived(connection.Peer.Id, arrival);
        (connection.ToldSilence, connection.ToldOpenGap) = (default, default);
        if (arrival.Interval is { } interval && interval > options.GapFloor && connection.Gaps.TryTake(now.Mono))
        {
            TellGap(connection, before, interval, arrival.Quality, ended: true, now);
        }

        return RefusalReason.None;
    }

    /// <summary>
    /// True where the heartbeat carries a list worth reading. The original sends the same list two hundred times a second:
    /// the same bytes as the last time count as read, but twice a second.
    /// </summary>
    public static bool HasNewList(MeshConnection connection, ReadOnlySpan<byte> body, MonoTime now)
    {
        var list = body[HeartbeatWire.StampLength..];
        if (list.IsEmpty || (list.SequenceEqual(connection.LastListing[HeartbeatWire.StampLength..]) && now - connection.LastListAt < s_sameListAgain))
        {
            return false;
        }

        connection.KeepListing(body);
        connection.LastListAt = now;
        return true;
    }

    /// <summary>
    /// Tells of a peer that says nothing: of the gap that lasts, with what TCP knows, after 0.3 s, and as an event after a second; then each time that the
    /// silence has doubled.
    /// </summary>
    public void WatchSilence(MeshConnection connection, Duration silence, ClockPairing now)
    {
        var least = Duration.Max(options.GapFloor, options.PingInterval * 3);
        if (silence >= Duration.Max(Duration.Max(s_firstOpenGap, least), connection.ToldOpenGap * 2))
        {
            connection.ToldOpenGap = silence;
            TellGap(connection, connection.LastHeard, silence, ArrivalQuality.Stamped, ended: false, now);
        }

        if (silence >= Duration.Max(Duration.Max(s_firstSilence, least), connection.ToldSilence * 2))
        {
            connection.ToldSilence = silence;
            var peer = connection.Peer!;
            observer.OnEvent(new MeshEvent(MeshEventKind.Silent, now.Wall, peer.Id, peer.Identity) { Length = silence });
        }
    }

    private void TellGap(MeshConnection connection, MonoTime start, Duration length, ArrivalQuality quality, bool ended, ClockPairing now)
    {
        TransportInfo? path = transport.TryGetInfo(connection.Id, out var info) ? info : null;
        observer.OnGap(new ReceiveGap(
            connection.Peer!.Id,
            start,
            now.Wall - (now.Mono - start),
            length,
            stalls.LongestWithin(start, start + length),
            path,
            quality,
            ended));
    }
}
