namespace Meshpulse.Wire.Stamp;

/// <summary>One TLV in bytes of anybody's making.</summary>
public readonly ref struct StampTlv
{
    /// <summary>Bytes of flags, type and length.</summary>
    public const int HeaderLength = 4;

    internal StampTlv(int offset, StampTlvFlags flags, StampTlvType type, ReadOnlySpan<byte> value, bool truncated)
    {
        Offset = offset;
        Flags = flags;
        Type = type;
        Value = value;
        IsTruncated = truncated;
    }

    /// <summary>Where its header begins, from the begin of the area.</summary>
    public int Offset { get; }

    /// <summary>U, M and I; the reserved bits are left out.</summary>
    public StampTlvFlags Flags { get; }

    /// <summary>Any value from 0 to 255; 0 where not even the type came.</summary>
    public StampTlvType Type { get; }

    /// <summary>The value; of a truncated one what there is of it.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>True where the header or the length that it says runs past the end; it is the last one then.</summary>
    public bool IsTruncated { get; }

    /// <summary>True for the eight types of RFC 8972.</summary>
    public bool IsKnown => Type is >= StampTlvType.ExtraPadding and <= StampTlvType.Hmac;

    /// <summary>True where it is truncated or has a length that its type does not allow.</summary>
    public bool IsMalformed => IsTruncated || !Allows(Type, Value.Length);

    /// <summary>Behind it, from the begin of the area.</summary>
    public int End => Offset + HeaderLength + Value.Length;

    private static bool Allows(StampTlvType type, int length) => type switch
    {
        StampTlvType.Location or StampTlvType.TimestampInformation => length >= 4,
        StampTlvType.ClassOfService => length == StampClassOfService.Length,
        StampTlvType.AccessReport => length == StampAccessReport.Length,
        StampTlvType.DirectMeasurement => length == StampDirectMeasurement.Length,
        StampTlvType.FollowUpTelemetry => length == StampFollowUp.Length,
        StampTlvType.Hmac => length == StampWire.MacLength,
        _ => true,
    };
}
