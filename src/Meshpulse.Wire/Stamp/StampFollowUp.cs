using System.Buffers.Binary;

namespace Meshpulse.Wire.Stamp;

/// <summary>The value of a Follow-Up Telemetry TLV (RFC 8972, section 4.7).</summary>
/// <param name="Sequence">The reflector's number of an earlier reply.</param>
/// <param name="Timestamp">When that reply really left, in the format of the reflector's Z bit; 0 where nothing better than its T3 is known.</param>
/// <param name="Method">How that was found.</param>
public readonly record struct StampFollowUp(uint Sequence, StampTimestamp Timestamp, StampTimestampMethod Method)
{
    /// <summary>Bytes of the value.</summary>
    public const int Length = 16;

    /// <summary>Reads a value; of a length other than 16 it has no meaning and is false.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, out StampFollowUp result)
    {
        result = value.Length != Length ? default : new StampFollowUp(
            BinaryPrimitives.ReadUInt32BigEndian(value),
            new StampTimestamp(BinaryPrimitives.ReadUInt64BigEndian(value[4..])),
            (StampTimestampMethod)value[12]);
        return value.Length == Length;
    }

    /// <summary>Writes the value's 16 bytes.</summary>
    public void Write(Span<byte> value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(value, Sequence);
        BinaryPrimitives.WriteUInt64BigEndian(value[4..], Timestamp.Bits);
        BinaryPrimitives.WriteUInt32BigEndian(value[12..], (uint)(byte)Method << 24);
    }
}
