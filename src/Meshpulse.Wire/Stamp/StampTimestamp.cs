namespace Meshpulse.Wire.Stamp;

/// <summary>
/// A timestamp as it is on the wire: 64 bits whose meaning the Z bit beside it tells.
/// <para>
/// Both formats count seconds mod 2^32 and so come round every 136 years, NTP next on 2036-02-07. There is no telling the
/// turn from the bits: whoever reads one says what time it is about, and gets the moment that is nearest.
/// An NTP fraction is finer than a nanosecond (0.23 ns), so that every nanosecond has a fraction of its own; but only reading
/// with rounding gives it back, as writing cuts off.
/// </para>
/// </summary>
/// <param name="Bits">As on the wire, read big-endian.</param>
public readonly record struct StampTimestamp(ulong Bits)
{
    /// <summary>Seconds from 1900-01-01 to 1970-01-01 (RFC 5905, figure 4).</summary>
    private const long NtpEpoch = 2_208_988_800;

    private const long Second = 1_000_000_000;

    /// <summary>The nanoseconds until the seconds come round: 2^32 s.</summary>
    private const long Turn = Second << 32;

    /// <summary>The timestamp of a moment.</summary>
    /// <param name="nanoseconds">Since 1970-01-01T00:00:00Z; any value.</param>
    /// <param name="format">For PTP the seconds are written as given: UTC, not TAI.</param>
    public static StampTimestamp FromNanoseconds(long nanoseconds, StampTimestampFormat format)
    {
        var seconds = Math.DivRem(nanoseconds, Second, out var rest);
        if (rest < 0)
        {
            (seconds, rest) = (seconds - 1, rest + Second);
        }

        return format == StampTimestampFormat.Ptp
            ? new StampTimestamp(((ulong)(uint)seconds << 32) | (uint)rest)
            : new StampTimestamp(((ulong)(uint)(seconds + NtpEpoch) << 32) | (((ulong)rest << 32) / Second));
    }

    /// <summary>The moment of this timestamp that is nearest to another.</summary>
    /// <param name="format">What the sender's Z bit says.</param>
    /// <param name="reference">Nanoseconds since 1970 of a moment less than 68 years away, such as now.</param>
    /// <param name="nanoseconds">Since 1970-01-01T00:00:00Z; 0 where the answer is false.</param>
    /// <returns>False for a PTP timestamp with 1e9 nanoseconds or more; an NTP timestamp always has a moment.</returns>
    public bool TryGetNanoseconds(StampTimestampFormat format, long reference, out long nanoseconds)
    {
        nanoseconds = 0;
        var (seconds, low) = ((long)(Bits >> 32), (uint)Bits);
        if (format == StampTimestampFormat.Ptp)
        {
            if (low >= Second)
            {
                return false;
            }

            nanoseconds = Nearest(((Int128)seconds * Second) + low, reference);
            return true;
        }

        var rest = (long)((((ulong)low * Second) + 0x8000_0000UL) >> 32);
        nanoseconds = Nearest(((Int128)(seconds - NtpEpoch) * Second) + rest, reference);
        return true;
    }

    /// <summary>Whole turns added or taken off; near an end of the type the nearest that it holds.</summary>
    private static long Nearest(Int128 moment, long reference)
    {
        var turns = ((Int128)reference - moment + (Turn / 2)) / Turn;
        turns -= (Int128)reference - moment + (Turn / 2) < turns * Turn ? 1 : 0;
        moment += turns * Turn;
        moment -= moment > long.MaxValue ? Turn : 0;
        moment += moment < long.MinValue ? Turn : 0;
        return (long)moment;
    }
}
