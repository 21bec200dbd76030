using Meshpulse.Wire.Stamp;

namespace Meshpulse.Core.Probing.StampReflector;

/// <summary>A reply that is ready but for its time of sending.</summary>
public readonly record struct StampReply
{
    /// <summary>Bytes to send: those of the request, or 44 for a shorter one.</summary>
    public int Length { get; init; }

    /// <summary>0 to 63: the DSCP to send with. TTL or hop limit is to be 255 (RFC 5357, section 4.2).</summary>
    public int Dscp { get; init; }

    /// <summary>Names the reply to <see cref="StampResponder.OnTransmitted"/> and <see cref="StampResponder.Abandon"/>.</summary>
    public StampReplyToken Token { get; init; }

    /// <summary>What the request reports of an access network; the default value for nothing.</summary>
    public StampAccessReport AccessReport { get; init; }

    /// <summary>What was found out about the request's TLVs.</summary>
    public StampTlvIntegrity TlvIntegrity { get; init; }

    /// <summary>The keys that were valid when it was decided; null without any.</summary>
    internal StampKeyRing? Keys { get; init; }

    /// <summary>The place among them of the key that verified the request and signs the reply; -1 for none.</summary>
    internal int Key { get; init; }

    internal StampTimestampFormat Format { get; init; }
}
