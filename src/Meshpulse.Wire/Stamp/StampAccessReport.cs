using System.Buffers.Binary;

namespace Meshpulse.Wire.Stamp;

/// <summary>The value of an Access Report TLV (RFC 8972, section 4.6).</summary>
/// <param name="Id">Which access network; 4 bits.</param>
/// <param name="ReturnCode">What became of it; 8 bits.</param>
public readonly record struct StampAccessReport(StampAccessId Id, StampAccessReturnCode ReturnCode)
{
    /// <summary>Bytes of the value.</summary>
    public const int Length = 4;

    /// <summary>True for the two kinds of network that there are; a report of another is to be discarded.</summary>
    public bool IsValid => Id is StampAccessId.ThreeGpp or StampAccessId.NonThreeGpp;

    /// <summary>Reads a value; of a length other than 4 it has no meaning and is false.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, out StampAccessReport result)
    {
        result = value.Length != Length ? default : new StampAccessReport((StampAccessId)(value[0] >> 4), (StampAccessReturnCode)value[1]);
        return value.Length == Length;
    }

    /// <summary>Writes the value's 4 bytes.</summary>
    public void Write(Span<byte> value) =>
        BinaryPrimitives.WriteUInt32BigEndian(value, (((uint)Id & 0xf) << 28) | ((uint)(byte)ReturnCode << 16));
}
