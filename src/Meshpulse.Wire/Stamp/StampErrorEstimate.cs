namespace Meshpulse.Wire.Stamp;

/// <summary>
/// How far a timestamp may be off, in 16 bits (RFC 4656, section 4.1.2 and RFC 8186): S, Z, 6 bits of scale and 8 of
/// multiplier; the error is <c>multiplier * 2^(scale - 32)</c> seconds.
/// </summary>
/// <param name="Bits">As on the wire, read big-endian.</param>
public readonly record struct StampErrorEstimate(ushort Bits)
{
    private const int SynchronisedBit = 0x8000;
    private const int FormatBit = 0x4000;
    private const long Second = 1_000_000_000;

    /// <summary>What is sent by who knows nothing of its clock: not synchronised, NTP, the smallest error that can be written.</summary>
    public static StampErrorEstimate Unknown => new(1);

    /// <summary>The S bit: the clock is synchronised to UTC from outside.</summary>
    public bool IsSynchronised => (Bits & SynchronisedBit) != 0;

    /// <summary>The Z bit: the format of the timestamps in the same packet.</summary>
    public StampTimestampFormat Format => (Bits & FormatBit) != 0 ? StampTimestampFormat.Ptp : StampTimestampFormat.Ntp;

    /// <summary>0 to 63.</summary>
    public int Scale => (Bits >> 8) & 0x3f;

    /// <summary>0 to 255; 0 is not valid.</summary>
    public int Multiplier => Bits & 0xff;

    /// <summary>False for the multiplier 0: the packet is to be taken as corrupt.</summary>
    public bool IsValid => Multiplier != 0;

    /// <summary>The error in nanoseconds, rounded up; <see cref="long.MaxValue"/> for anything longer (from 292 years).</summary>
    public long BoundNanoseconds
    {
        get
        {
            // At most 255 * 2^63 * 1e9, below 2^101.
            var scaled = (((UInt128)(uint)Multiplier * Second) << Scale) + uint.MaxValue;
            scaled >>= 32;
            return scaled > long.MaxValue ? long.MaxValue : (long)scaled;
        }
    }

    /// <summary>The smallest estimate that is not below an error.</summary>
    /// <param name="nanoseconds">The error, 0 or more.</param>
    /// <param name="synchronised">The S bit.</param>
    /// <param name="format">The Z bit.</param>
    /// <exception cref="ArgumentOutOfRangeException">The error is negative.</exception>
    public static StampErrorEstimate FromBound(long nanoseconds, bool synchronised, StampTimestampFormat format = StampTimestampFormat.Ntp)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nanoseconds);
        var flags = (synchronised ? SynchronisedBit : 0) | (format == StampTimestampFormat.Ptp ? FormatBit : 0);
        // The finest scale whose multiplier still holds it: what a coarser one can say, this one can say too, or it is larger.
        for (var scale = 0; ; scale++)
        {
            var unit = (UInt128)Second << scale;
            var multiplier = (((UInt128)(ulong)nanoseconds << 32) + unit - 1) / unit;
            if (multiplier <= 255)
            {
                return new StampErrorEstimate((ushort)(flags | (scale << 8) | Math.Max(1, (int)multiplier)));
            }
        }
    }

    /// <summary>The same error and S bit beside timestamps of another format.</summary>
    public StampErrorEstimate WithFormat(StampTimestampFormat format) =>
        new((ushort)((Bits & ~FormatBit) | (format == StampTimestampFormat.Ptp ? FormatBit : 0)));
}
