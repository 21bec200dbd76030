using System.Buffers.Binary;

namespace Meshpulse.Wire.Stamp;

/// <summary>
/// The base packets of STAMP (RFC 8762) with the session id of RFC 8972, written; <see cref="StampSenderView"/> and
/// <see cref="StampReflectorView"/> read them. Everything is big-endian; what must be zero is written as zero and ignored when read.
/// </summary>
public static class StampWire
{
    /// <summary>The port that reflectors listen on (RFC 8762, section 4.1).</summary>
    public const int Port = 862;

    /// <summary>Bytes of a base packet without authentication; TLVs or padding begin here.</summary>
    public const int UnauthenticatedLength = 44;

    /// <summary>Bytes of a base packet with authentication; TLVs or padding begin here.</summary>
    public const int AuthenticatedLength = 112;

    /// <summary>The fewest bytes of a request: TWAMP's header without padding (RFC 5357, section 4.1.2).</summary>
    public const int TwampRequestLength = 14;

    /// <summary>The fewest bytes of an unauthenticated reply: TWAMP's without padding (RFC 5357, section 4.2.1).</summary>
    public const int TwampReplyLength = 41;

    /// <summary>The most bytes of a packet: what a UDP datagram over IPv4 holds.</summary>
    public const int MaxLength = 65_507;

    /// <summary>Bytes of a MAC: HMAC-SHA-256, cut to its first 16.</summary>
    public const int MacLength = 16;

    /// <summary>How many bytes of an authenticated packet its MAC covers; the MAC stands behind them.</summary>
    public const int MacOffset = 96;

    /// <summary>Bytes of a base packet: 44 or 112.</summary>
    public static int LengthOf(StampMode mode) => StampLayout.Of(mode).Length;

    /// <summary>
    /// Writes a request and returns its length, 44 or 112. An authenticated one is signed last, by <see cref="StampMac.SignPacket"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The destination is shorter.</exception>
    public static int WriteRequest(Span<byte> destination, StampMode mode, in StampSenderPacket packet)
    {
        ref readonly var at = ref StampLayout.Of(mode);
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, at.Length, nameof(destination));
        destination[..at.Length].Clear();
        BinaryPrimitives.WriteUInt32BigEndian(destination, packet.Sequence);
        BinaryPrimitives.WriteUInt64BigEndian(destination[at.Timestamp..], packet.Timestamp.Bits);
        BinaryPrimitives.WriteUInt16BigEndian(destination[at.ErrorEstimate..], packet.ErrorEstimate.Bits);
        BinaryPrimitives.WriteUInt16BigEndian(destination[at.Ssid..], packet.Ssid);
        return at.Length;
    }

    /// <summary>Writes a reply and returns its length, 44 or 112; as <see cref="WriteRequest"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The destination is shorter.</exception>
    public static int WriteReply(Span<byte> destination, StampMode mode, in StampReflectorPacket packet)
    {
        ref readonly var at = ref StampLayout.Of(mode);
        _ = WriteRequest(destination, mode, new StampSenderPacket(packet.Sequence, packet.Timestamp, packet.ErrorEstimate, packet.Ssid));
        BinaryPrimitives.WriteUInt64BigEndian(destination[at.ReceiveTimestamp..], packet.ReceiveTimestamp.Bits);
        BinaryPrimitives.WriteUInt32BigEndian(destination[at.SenderSequence..], packet.SenderSequence);
        BinaryPrimitives.WriteUInt64BigEndian(destination[at.SenderTimestamp..], packet.SenderTimestamp.Bits);
        BinaryPrimitives.WriteUInt16BigEndian(destination[at.SenderErrorEstimate..], packet.SenderErrorEstimate.Bits);
        destination[at.SenderTtl] = packet.SenderTtl;
        return at.Length;
    }

    /// <summary>Replaces the time of sending in a packet that is otherwise ready: T1 of a request, T3 of a reply.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The packet is shorter than its mode's base.</exception>
    public static void WriteSendTime(Span<byte> packet, StampMode mode, StampTimestamp timestamp)
    {
        ref readonly var at = ref StampLayout.Of(mode);
        ArgumentOutOfRangeException.ThrowIfLessThan(packet.Length, at.Length, nameof(packet));
        BinaryPrimitives.WriteUInt64BigEndian(packet[at.Timestamp..], timestamp.Bits);
    }
}
