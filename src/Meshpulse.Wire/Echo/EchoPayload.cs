using System.Buffers.Binary;

namespace Meshpulse.Wire.Echo;

/// <summary>
/// What our ICMP echoes carry, and their replies bring back: <c>secret:uint32, probe:uint32, id:uint64</c>, big-endian, 16
/// bytes, then padding. The secret, which is made anew at each start, tells our echoes from those of other programs that share a
/// raw socket's identifier; the 16 bits of the sequence number in the header are too few to tell requests apart.
/// </summary>
public static class EchoPayload
{
    /// <summary>Bytes without padding; the fewest that are valid.</summary>
    public const int Length = 16;

    private const int ProbeOffset = 4;
    private const int IdOffset = 8;

    /// <summary>Writes a payload; what is beyond 16 bytes counts up from 0x10, as ping(8) does it, so that a damaged copy shows.</summary>
    /// <param name="destination">All of it is written; at least 16 bytes.</param>
    /// <param name="secret">Known to this process alone.</param>
    /// <param name="probe">Which probe it is.</param>
    /// <param name="id">Which of its requests.</param>
    /// <exception cref="ArgumentException">The destination is too short.</exception>
    public static void Write(Span<byte> destination, uint secret, uint probe, ulong id)
    {
        if (destination.Length < Length)
        {
            throw new ArgumentException($"A payload has at least {Length} bytes.", nameof(destination));
        }

        BinaryPrimitives.WriteUInt32BigEndian(destination, secret);
        BinaryPrimitives.WriteUInt32BigEndian(destination[ProbeOffset..], probe);
        BinaryPrimitives.WriteUInt64BigEndian(destination[IdOffset..], id);
        for (var i = Length; i < destination.Length; i++)
        {
            destination[i] = (byte)i;
        }
    }

    /// <summary>Reads a payload; false where it is not one of ours.</summary>
    /// <param name="payload">What came back, of any length.</param>
    /// <param name="secret">The one that was written.</param>
    /// <param name="probe">Which probe it was.</param>
    /// <param name="id">Which of its requests.</param>
    public static bool TryRead(ReadOnlySpan<byte> payload, uint secret, out uint probe, out ulong id)
    {
        (probe, id) = (0, 0);
        if (payload.Length < Length || BinaryPrimitives.ReadUInt32BigEndian(payload) != secret)
        {
            return false;
        }

        probe = BinaryPrimitives.ReadUInt32BigEndian(payload[ProbeOffset..]);
        id = BinaryPrimitives.ReadUInt64BigEndian(payload[IdOffset..]);
        return true;
    }
}
