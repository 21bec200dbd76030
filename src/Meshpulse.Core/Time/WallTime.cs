namespace Meshpulse.Core.Time;

/// <summary>
/// A reading of the wall clock (Linux CLOCK_REALTIME): nanoseconds since 1970-01-01T00:00:00Z. It can step in either
/// direction and only <em>means</em> to agree with other hosts: use it for stamps on the wire and for people, never
/// for an interval. Kernel packet timestamps are of this kind; <see cref="ClockPairing"/> brings them over.
/// </summary>
public readonly record struct WallTime(long Nanoseconds) : IComparable<WallTime>
{
    /// <summary>Whole microseconds since the epoch, rounded down: the unit of the heartbeat's stamp.</summary>
    public long Microseconds => Math.DivRem(Nanoseconds, 1_000, out var rest) - (rest < 0 ? 1 : 0);

    /// <summary>The reading that is <paramref name="value"/> microseconds after the epoch; saturates at the type's ends.</summary>
    public static WallTime FromMicroseconds(long value) => value switch
    {
        > long.MaxValue / 1_000 => new WallTime(long.MaxValue),
        < long.MinValue / 1_000 => new WallTime(long.MinValue),
        _ => new WallTime(value * 1_000),
    };

    /// <inheritdoc />
    public int CompareTo(WallTime other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>The difference of two wall readings; saturates. Says nothing of elapsed time when a clock stepped between.</summary>
    public static Duration operator -(WallTime a, WallTime b)
    {
        var difference = (Int128)a.Nanoseconds - b.Nanoseconds;
        return new Duration((long)Int128.Clamp(difference, -long.MaxValue, long.MaxValue));
    }

    /// <summary>The reading <paramref name="d"/> later.</summary>
    public static WallTime operator +(WallTime a, Duration d) => new(a.Nanoseconds + d.Nanoseconds);

    /// <summary>The reading <paramref name="d"/> earlier.</summary>
    public static WallTime operator -(WallTime a, Duration d) => new(a.Nanoseconds - d.Nanoseconds);

    /// <summary>True where <paramref name="a"/> is the earlier.</summary>
    public static bool operator <(WallTime a, WallTime b) => a.Nanoseconds < b.Nanoseconds;

    /// <summary>True where <paramref name="a"/> is the later.</summary>
    public static bool operator >(WallTime a, WallTime b) => a.Nanoseconds > b.Nanoseconds;

    /// <summary>True where <paramref name="a"/> is not the later.</summary>
    public static bool operator <=(WallTime a, WallTime b) => a.Nanoseconds <= b.Nanoseconds;

    /// <summary>True where <paramref name="a"/> is not the earlier.</summary>
    public static bool operator >=(WallTime a, WallTime b) => a.Nanoseconds >= b.Nanoseconds;
}
