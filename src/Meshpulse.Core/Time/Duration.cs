using System.Globalization;

namespace Meshpulse.Core.Time;

/// <summary>
/// A signed span of time in whole nanoseconds, from about -292 to +292 years. It belongs to no clock: it is what
/// remains when two readings of the <em>same</em> clock are subtracted.
/// </summary>
public readonly record struct Duration(long Nanoseconds) : IComparable<Duration>
{
    /// <summary>No time at all.</summary>
    public static Duration Zero => default;

    /// <summary>The longest span; used as "never".</summary>
    public static Duration MaxValue => new(long.MaxValue);

    /// <summary>The span in microseconds, rounded towards zero.</summary>
    public long Microseconds => Nanoseconds / 1_000;

    /// <summary>The span in milliseconds with its fraction.</summary>
    public double Milliseconds => Nanoseconds / 1e6;

    /// <summary>The span in seconds with its fraction.</summary>
    public double Seconds => Nanoseconds / 1e9;

    /// <summary>A span of <paramref name="value"/> microseconds.</summary>
    public static Duration FromMicroseconds(long value) => new(checked(value * 1_000));

    /// <summary>A span of <paramref name="value"/> milliseconds.</summary>
    public static Duration FromMilliseconds(long value) => new(checked(value * 1_000_000));

    /// <summary>A span of <paramref name="value"/> seconds.</summary>
    public static Duration FromSeconds(long value) => new(checked(value * 1_000_000_000));

    /// <summary>The same span without its sign; saturates, since the longest negative span has no counterpart.</summary>
    public Duration Abs() => Nanoseconds < 0 ? -this : this;

    /// <summary>The longer of two spans.</summary>
    public static Duration Max(Duration a, Duration b) => a > b ? a : b;

    /// <summary>The shorter of two spans.</summary>
    public static Duration Min(Duration a, Duration b) => a < b ? a : b;

    /// <inheritdoc />
    public int CompareTo(Duration other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>Adds two spans.</summary>
    public static Duration operator +(Duration a, Duration b) => new(a.Nanoseconds + b.Nanoseconds);

    /// <summary>Subtracts a span from another.</summary>
    public static Duration operator -(Duration a, Duration b) => new(a.Nanoseconds - b.Nanoseconds);

    /// <summary>Turns the sign around; saturates.</summary>
    public static Duration operator -(Duration a) => new(a.Nanoseconds == long.MinValue ? long.MaxValue : -a.Nanoseconds);

    /// <summary>Multiplies a span.</summary>
    public static Duration operator *(Duration a, long factor) => new(a.Nanoseconds * factor);

    /// <summary>Divides a span, rounding towards zero.</summary>
    public static Duration operator /(Duration a, long divisor) => new(a.Nanoseconds / divisor);

    /// <summary>True where <paramref name="a"/> is the shorter.</summary>
    public static bool operator <(Duration a, Duration b) => a.Nanoseconds < b.Nanoseconds;

    /// <summary>True where <paramref name="a"/> is the longer.</summary>
    public static bool operator >(Duration a, Duration b) => a.Nanoseconds > b.Nanoseconds;

    /// <summary>True where <paramref name="a"/> is not the longer.</summary>
    public static bool operator <=(Duration a, Duration b) => a.Nanoseconds <= b.Nanoseconds;

    /// <summary>True where <paramref name="a"/> is not the shorter.</summary>
    public static bool operator >=(Duration a, Duration b) => a.Nanoseconds >= b.Nanoseconds;

    /// <summary>For people: <c>812 ns</c>, <c>4.2 us</c>, <c>5.0 ms</c>, <c>12.3 s</c>.</summary>
    public override string ToString()
    {
        var size = Math.Abs((double)Nanoseconds);
        return size switch
        {
            < 1e3 => string.Create(CultureInfo.InvariantCulture, $"{Nanoseconds} ns"),
            < 1e6 => string.Create(CultureInfo.InvariantCulture, $"{Nanoseconds / 1e3:0.0} us"),
            < 1e9 => string.Create(CultureInfo.InvariantCulture, $"{Nanoseconds / 1e6:0.0} ms"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{Nanoseconds / 1e9:0.0} s"),
        };
    }
}
