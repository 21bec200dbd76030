using System.Buffers.Binary;

namespace Meshpulse.Wire.Stamp;

/// <summary>The value of a Direct Measurement TLV (RFC 8972, section 4.5): counters mod 2^32.</summary>
/// <param name="SenderTransmitted">S_TxC: packets that the sender has sent.</param>
/// <param name="ReflectorReceived">R_RxC: packets that the reflector has received.</param>
/// <param name="ReflectorTransmitted">R_TxC: packets that the reflector has sent.</param>
public readonly record struct StampDirectMeasurement(uint SenderTransmitted, uint ReflectorReceived, uint ReflectorTransmitted)
{
    /// <summary>Bytes of the value.</summary>
    public const int Length = 12;

    /// <summary>Reads a value; of a length other than 12 it has no meaning and is false.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, out StampDirectMeasurement result)
    {
        result = value.Length != Length ? default : new StampDirectMeasurement(
            BinaryPrimitives.ReadUInt32BigEndian(value),
            BinaryPrimitives.ReadUInt32BigEndian(value[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(value[8..]));
        return value.Length == Length;
    }

    /// <summary>Writes the value's 12 bytes.</summary>
    public void Write(Span<byte> value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(value, SenderTransmitted);
        BinaryPrimitives.WriteUInt32BigEndian(value[4..], ReflectorReceived);
        BinaryPrimitives.WriteUInt32BigEndian(value[8..], ReflectorTransmitted);
    }
}
