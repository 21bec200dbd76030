using System.Globalization;

namespace Meshpulse.Core.Probing.Stamp;

/// <summary>
/// A 32-bit number that counts up and wraps, with the arithmetic of RFC 1982 (SERIAL_BITS = 32): of two numbers the later
/// is the one less than 2^31 ahead. Numbers exactly 2^31 apart have no order (RFC 1982, section 3.2): neither is before the other.
/// There is no total order, hence no comparer: sorting serial numbers is a mistake that shall not compile.
/// </summary>
/// <param name="Value">As it is on the wire.</param>
public readonly record struct SerialNumber(uint Value)
{
    /// <summary>The number after this one.</summary>
    public SerialNumber Next => new(unchecked(Value + 1));

    /// <summary>True where this lies less than 2^31 before <paramref name="other"/>.</summary>
    public bool IsBefore(SerialNumber other) => unchecked(other.Value - Value) is > 0 and < 1u << 31;

    /// <summary>
    /// How far this lies after <paramref name="other"/>: -2^31 to 2^31 - 1, negative where it lies before. At a distance of
    /// exactly 2^31, which has no order, -2^31.
    /// </summary>
    public int DistanceFrom(SerialNumber other) => unchecked((int)(Value - other.Value));

    /// <summary>
    /// The number without its wrapping: the one next to <paramref name="near"/> that ends in these 32 bits, from near - 2^31 to near +
    /// 2^31 - 1.
    /// </summary>
    public long Unwrap(long near) => near + DistanceFrom(FromLong(near));

    /// <summary>The last 32 bits of a count, as they go on the wire.</summary>
    public static SerialNumber FromLong(long count) => new(unchecked((uint)count));

    /// <summary>Addition (RFC 1982, section 3.1).</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than 2^31 - 1 is added, which RFC 1982 does not define.</exception>
    public static SerialNumber operator +(SerialNumber number, uint count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, (uint)int.MaxValue);
        return new(unchecked(number.Value + count));
    }

    /// <summary>The number in decimal.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
