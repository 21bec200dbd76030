namespace Meshpulse.Wire.Stamp;

/// <summary>The fixed part of a Timestamp Information TLV (RFC 8972, section 4.3): where T2 and T3 come from.</summary>
/// <param name="SourceIn">What the clock behind T2 is synchronised by.</param>
/// <param name="MethodIn">How T2 was taken.</param>
/// <param name="SourceOut">What the clock behind T3 is synchronised by.</param>
/// <param name="MethodOut">How T3 was taken.</param>
public readonly record struct StampTimestampInformation(
    StampSyncSource SourceIn, StampTimestampMethod MethodIn, StampSyncSource SourceOut, StampTimestampMethod MethodOut)
{
    /// <summary>Bytes of the fixed part; sub-TLVs may follow, of which none is defined.</summary>
    public const int Length = 4;

    /// <summary>Reads the fixed part; false for fewer than 4 bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, out StampTimestampInformation result)
    {
        result = value.Length < Length ? default : new StampTimestampInformation(
            (StampSyncSource)value[0], (StampTimestampMethod)value[1], (StampSyncSource)value[2], (StampTimestampMethod)value[3]);
        return value.Length >= Length;
    }

    /// <summary>Writes the 4 bytes.</summary>
    public void Write(Span<byte> value)
    {
        value[3] = (byte)MethodOut;
        value[2] = (byte)SourceOut;
        value[1] = (byte)MethodIn;
        value[0] = (byte)SourceIn;
    }
}
