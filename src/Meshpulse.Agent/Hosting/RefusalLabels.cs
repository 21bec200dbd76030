using Meshpulse.Core.Membership;

namespace Meshpulse.Agent.Hosting;

/// <summary>The stable names of refusals, for metrics and for people.</summary>
internal static class RefusalLabels
{
    /// <summary>The value of the <c>reason</c> label.</summary>
    public static string Of(RefusalReason reason) => reason switch
    {
        RefusalReason.FrameLength => "frame_length",
        RefusalReason.FrameContent => "frame_content",
        RefusalReason.FrameTimeout => "frame_timeout",
        RefusalReason.HelloTimeout => "hello_timeout",
        RefusalReason.OwnIdentity => "own_identity",
        RefusalReason.BadIdentity => "bad_identity",
        RefusalReason.TooManyPending => "too_many_pending",
        RefusalReason.TooManyConnections => "too_many_connections",
        RefusalReason.TooManyPeers => "too_many_peers",
        RefusalReason.NotAllowed => "not_allowed",
        RefusalReason.Flood => "flood",
        RefusalReason.ListEntry => "list_entry",
        RefusalReason.ListOverflow => "list_overflow",
        _ => "none",
    };
}
