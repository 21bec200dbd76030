using System.Buffers.Binary;

namespace Meshpulse.Linux.Sockets;

/// <summary>
/// Echo and reply of ICMP (RFC 792) and ICMPv6 (RFC 4443 section 4), alike but for the type: type, code, checksum:uint16,
/// identifier:uint16, sequence:uint16, payload; big-endian.
/// </summary>
internal static class IcmpMessage
{
    public const int HeaderLength = 8;

    /// <summary>Writes the head of an echo, checksum 0.</summary>
    public static void WriteHeader(Span<byte> destination, byte type, int identifier, int sequence)
    {
        destination[..HeaderLength].Clear();
        destination[0] = type;
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], (ushort)identifier);
        BinaryPrimitives.WriteUInt16BigEndian(destination[6..], (ushort)sequence);
    }

    /// <summary>Puts the checksum over head and payload into the head; the head's own must be 0 before.</summary>
    public static void Seal(Span<byte> header, ReadOnlySpan<byte> payload) =>
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], Checksum(header[..HeaderLength], payload));

    /// <summary>
    /// The internet checksum, RFC 1071, over both parts; the first must be of even length. Over a whole message with its
    /// checksum in place it is 0 where that is right.
    /// </summary>
    public static ushort Checksum(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var sum = Sum(first) + Sum(second);
        while (sum >> 16 != 0)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)~sum;
    }

    /// <summary>Where the ICMP message begins in what a raw IPv4 socket delivers, which is the whole packet; -1 where it has none.</summary>
    public static int OffsetInPacket(ReadOnlySpan<byte> packet)
    {
        if (packet.IsEmpty || packet[0] >> 4 != 4)
        {
            return -1;
        }

        var length = (packet[0] & 0xf) * 4;
        return length >= 20 && length <= packet.Length ? length : -1;
    }

    /// <summary>Reads an echo reply's identifier and sequence.</summary>
    public static bool TryReadReply(ReadOnlySpan<byte> message, byte replyType, out int identifier, out int sequence)
    {
        (identifier, sequence) = (0, 0);
        if (message.Length < HeaderLength || message[0] != replyType || message[1] != 0)
        {
            return false;
        }

        identifier = BinaryPrimitives.ReadUInt16BigEndian(message[4..]);
        sequence = BinaryPrimitives.ReadUInt16BigEndian(message[6..]);
        return true;
    }

    private static ulong Sum(ReadOnlySpan<byte> bytes)
    {
        ulong sum = 0;
        for (; bytes.Length >= 2; bytes = bytes[2..])
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
        }

        return bytes.IsEmpty ? sum : sum + ((ulong)bytes[0] << 8);
    }
}
