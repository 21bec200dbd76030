using System.Buffers.Binary;

namespace Meshpulse.Wire.Stamp;

/// <summary>The value of a Class of Service TLV (RFC 8972, section 4.4, with erratum 8199 on ECN).</summary>
/// <param name="Dscp1">0 to 63: the DSCP that the sender wants for the reply.</param>
/// <param name="Dscp2">0 to 63: the DSCP that the request came with.</param>
/// <param name="Ecn">0 to 3: the ECN field that the request came with.</param>
/// <param name="ReversePath">0 to 3: 0 where the reply was sent with DSCP1, 1 where the reflector's policy forbade it.</param>
public readonly record struct StampClassOfService(int Dscp1, int Dscp2, int Ecn, int ReversePath)
{
    /// <summary>Bytes of the value.</summary>
    public const int Length = 4;

    /// <summary>Reads a value; of a length other than 4 it has no meaning and is false.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, out StampClassOfService result)
    {
        result = default;
        if (value.Length != Length)
        {
            return false;
        }

        var bits = BinaryPrimitives.ReadUInt16BigEndian(value);
        result = new StampClassOfService(bits >> 10, (bits >> 4) & 0x3f, (bits >> 2) & 3, bits & 3);
        return true;
    }

    /// <summary>Writes the value's 4 bytes; of each field the bits that it has room for.</summary>
    public void Write(Span<byte> value)
    {
        var bits = ((Dscp1 & 0x3f) << 10) | ((Dscp2 & 0x3f) << 4) | ((Ecn & 3) << 2) | (ReversePath & 3);
        BinaryPrimitives.WriteUInt32BigEndian(value, (uint)bits << 16);
    }
}
