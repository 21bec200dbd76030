using System.Globalization;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Console;

/// <summary>What happened, in the words of the original where it has some.</summary>
public static class EventText
{
    /// <summary>The text of an event; null for those that are told only with <paramref name="debug"/>, or by another line.</summary>
    public static string? Of(in MeshEvent happened, bool debug) => happened.Kind switch
    {
        MeshEventKind.NewRemote => "New remote endpoint - establishing connection",
        MeshEventKind.Connecting => "Connecting",
        MeshEventKind.Connected => "Connected",
        MeshEventKind.HandshakeSent => "Handshake sent",
        MeshEventKind.ReceivedConnection => "Received connection",
        MeshEventKind.PeerJoined => debug ? "Heartbeats come" : null,
        MeshEventKind.PeerLeft => OfClosed(happened.Close),
        MeshEventKind.ConnectionClosed => happened.Close == CloseReason.Duplicate ? "Closing connection - node already connected" : OfClosed(happened.Close),
        MeshEventKind.DialFailed => $"Unable to connect to remote address. {OfFailure(happened.Failure)}.{(happened.WillRetry ? " Retrying" : "")}",
        MeshEventKind.ResolveFailed => $"Unable to resolve {happened.Name}. Retrying",
        MeshEventKind.ServerIsSelf => debug ? $"Server {happened.Name ?? happened.Node.ToString()} is this node - not called" : null,
        MeshEventKind.Refused => OfRefusal(happened),
        MeshEventKind.Silent => string.Create(CultureInfo.InvariantCulture, $"No heartbeat for {happened.Length.Seconds:0.0} s"),
        _ => null,
    };

    /// <summary>The text of a gap, with what is known about whose fault it was.</summary>
    public static string OfGap(ReceiveGap gap)
    {
        ArgumentNullException.ThrowIfNull(gap);
        var path = gap.Path is { } tcp
            ? string.Create(CultureInfo.InvariantCulture, $"; TCP: rtt {Milliseconds(tcp.SmoothedRtt)} ms, {tcp.TotalRetransmits} retransmitted, {tcp.Unacknowledged} unacknowledged")
            : "";
        var how = gap.Quality == ArrivalQuality.Reconstructed ? ", reconstructed" : "";
        var start = DateTimeOffset.UnixEpoch.AddTicks(gap.StartWall.Nanoseconds / 100).ToLocalTime();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(gap.Ended ? "Gap" : "Gap so far")} {Milliseconds(gap.Length)} ms since {start:HH:mm:ss.fff}{how}; own stall within it {Milliseconds(gap.OwnStall)} ms{path}");
    }

    private static string? OfClosed(CloseReason reason) => reason switch
    {
        CloseReason.EndOfStream or CloseReason.Broken => "Broken pipe",
        CloseReason.Reset => "Connection reset",
        CloseReason.TimedOut => "Connection timed out",
        CloseReason.Silent => "Closing connection - silent for too long",
        CloseReason.NotReading => "Closing connection - takes no heartbeats",
        CloseReason.Refused => "Closing connection - refused",
        CloseReason.Self => "Closing connection - it leads to this node",
        _ => null,
    };

    private static string OfFailure(DialFailure failure) => failure switch
    {
        DialFailure.Refused => "Connection refused",
        DialFailure.TimedOut => "Connection timed out",
        DialFailure.Unreachable => "No route to host",
        DialFailure.LocalResource => "No local address or descriptor to connect with",
        _ => "Connection failed",
    };

    private static string OfRefusal(in MeshEvent happened)
    {
        var more = happened.Suppressed > 0
            ? string.Create(CultureInfo.InvariantCulture, $" ({happened.Suppressed} more since the last line)")
            : "";
        return $"Refused: {OfReason(happened.Refusal)}{more}";
    }

    private static string OfReason(RefusalReason reason) => reason switch
    {
        RefusalReason.FrameLength => "a frame's length is out of range; not a heartbeat peer?",
        RefusalReason.FrameContent => "a frame's content makes no sense",
        RefusalReason.FrameTimeout => "a frame began and did not end within 2 s",
        RefusalReason.HelloTimeout => "no hello in time",
        RefusalReason.OwnIdentity => "a hello claims this node's own address; do two nodes have the same -b?",
        RefusalReason.BadIdentity => "a hello claims an address that can't be one",
        RefusalReason.TooManyPending => "too many connections that have not said hello",
        RefusalReason.TooManyConnections => "too many connections",
        RefusalReason.TooManyPeers => "too many peers (--max-peers)",
        RefusalReason.NotAllowed => "an address that is not in the allowed networks (--allow)",
        RefusalReason.Flood => "far more heartbeats than any interval gives",
        RefusalReason.ListEntry => "a list names an address that can't be a node",
        RefusalReason.ListOverflow => "lists name more addresses than are taken in",
        _ => reason.ToString(),
    };

    private static string Milliseconds(Duration value) => value.Milliseconds.ToString("0.0", CultureInfo.InvariantCulture);
}
