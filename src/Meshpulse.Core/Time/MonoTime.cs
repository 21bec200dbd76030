namespace Meshpulse.Core.Time;

/// <summary>
/// A reading of the monotonic clock (Linux CLOCK_MONOTONIC): nanoseconds since some moment before the process began.
/// It never steps and means nothing to another host. Every interval comes from it. Subtracting a
/// <see cref="WallTime"/> from it does not compile, on purpose.
/// </summary>
public readonly record struct MonoTime(long Nanoseconds) : IComparable<MonoTime>
{
    /// <summary>Later than every reading; used as "no deadline".</summary>
    public static MonoTime Never => new(long.MaxValue);

    /// <summary>The earlier of two readings.</summary>
    public static MonoTime Min(MonoTime a, MonoTime b) => a < b ? a : b;

    /// <inheritdoc />
    public int CompareTo(MonoTime other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>The time from <paramref name="b"/> to <paramref name="a"/>.</summary>
    public static Duration operator -(MonoTime a, MonoTime b) => new(a.Nanoseconds - b.Nanoseconds);

    /// <summary>The reading <paramref name="d"/> later.</summary>
    public static MonoTime operator +(MonoTime a, Duration d) => new(a.Nanoseconds + d.Nanoseconds);

    /// <summary>The reading <paramref name="d"/> earlier.</summary>
    public static MonoTime operator -(MonoTime a, Duration d) => new(a.Nanoseconds - d.Nanoseconds);

    /// <summary>True where <paramref name="a"/> is the earlier.</summary>
    public static bool operator <(MonoTime a, MonoTime b) => a.Nanoseconds < b.Nanoseconds;

    /// <summary>True where <paramref name="a"/> is the later.</summary>
    public static bool operator >(MonoTime a, MonoTime b) => a.Nanoseconds > b.Nanoseconds;

    /// <summary>True where <paramref name="a"/> is not the later.</summary>
    public static bool operator <=(MonoTime a, MonoTime b) => a.Nanoseconds <= b.Nanoseconds;

    /// <summary>True where <paramref name="a"/> is not the earlier.</summary>
    public static bool operator >=(MonoTime a, MonoTime b) => a.Nanoseconds >= b.Nanoseconds;
}
