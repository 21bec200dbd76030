using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Meshpulse.Wire.Stamp;

/// <summary>
/// The MACs of STAMP: HMAC-SHA-256 (RFC 4868) cut to 16 bytes, over the first 96 bytes of an authenticated base (RFC 8762,
/// section 4.4), or over the base's number and all TLVs before the HMAC TLV (RFC 8972, section 4.8). They are compared in
/// constant time. Against replays there is nothing in either.
/// </summary>
public static class StampMac
{
    /// <summary>Up to here the TLVs are joined to the number on the stack: more than any packet of an Ethernet holds.</summary>
    private const int StackLength = 2_048;

    /// <summary>Writes the MAC of a whole authenticated base into it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The packet has fewer than 112 bytes.</exception>
    public static void SignPacket(in StampKey key, Span<byte> packet)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(packet.Length, StampWire.AuthenticatedLength, nameof(packet));
        Compute(key, packet[..StampWire.MacOffset], packet.Slice(StampWire.MacOffset, StampWire.MacLength));
    }

    /// <summary>Finds the key that signed an authenticated base.</summary>
    /// <param name="keys">All that are valid.</param>
    /// <param name="packet">Any bytes.</param>
    /// <param name="index">The key's place in the ring, or -1.</param>
    /// <returns>False where none of them signed it, or it is shorter than 112 bytes.</returns>
    public static bool TryVerifyPacket(StampKeyRing keys, ReadOnlySpan<byte> packet, out int index)
    {
        ArgumentNullException.ThrowIfNull(keys);
        index = -1;
        if (packet.Length < StampWire.AuthenticatedLength)
        {
            return false;
        }

        Span<byte> mac = stackalloc byte[StampWire.MacLength];
        for (var i = 0; i < keys.Count && index < 0; i++)
        {
            Compute(keys[i], packet[..StampWire.MacOffset], mac);
            index = CryptographicOperations.FixedTimeEquals(mac, packet.Slice(StampWire.MacOffset, StampWire.MacLength)) ? i : -1;
        }

        return index >= 0;
    }

    /// <summary>The MAC of TLVs.</summary>
    /// <param name="key">The key.</param>
    /// <param name="sequence">The number in the base of the same packet.</param>
    /// <param name="tlvs">All TLVs before the HMAC TLV, with their headers.</param>
    /// <param name="mac">Takes 16 bytes.</param>
    public static void ComputeTlvs(in StampKey key, uint sequence, ReadOnlySpan<byte> tlvs, Span<byte> mac)
    {
        if (tlvs.Length <= StackLength)
        {
            Span<byte> joined = stackalloc byte[StackLength + sizeof(uint)];
            Join(key, sequence, tlvs, joined, mac);
            return;
        }

        var rented = ArrayPool<byte>.Shared.Rent(tlvs.Length + sizeof(uint));
        Join(key, sequence, tlvs, rented, mac);
        ArrayPool<byte>.Shared.Return(rented);
    }

    /// <summary>True where a key made the MAC of these TLVs; as <see cref="ComputeTlvs"/>, compared in constant time.</summary>
    public static bool VerifyTlvs(in StampKey key, uint sequence, ReadOnlySpan<byte> tlvs, ReadOnlySpan<byte> mac)
    {
        Span<byte> expected = stackalloc byte[StampWire.MacLength];
        ComputeTlvs(key, sequence, tlvs, expected);
        return CryptographicOperations.FixedTimeEquals(expected, mac);
    }

    private static void Join(in StampKey key, uint sequence, ReadOnlySpan<byte> tlvs, Span<byte> joined, Span<byte> mac)
    {
        BinaryPrimitives.WriteUInt32BigEndian(joined, sequence);
        tlvs.CopyTo(joined[sizeof(uint)..]);
        Compute(key, joined[..(tlvs.Length + sizeof(uint))], mac);
    }

    private static void Compute(in StampKey key, ReadOnlySpan<byte> data, Span<byte> mac)
    {
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        _ = HMACSHA256.HashData(key.Bytes, data, digest);
        digest[..StampWire.MacLength].CopyTo(mac);
    }
}
