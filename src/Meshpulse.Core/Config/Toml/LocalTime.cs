using System.Globalization;

namespace Meshpulse.Core.Config.Toml;

/// <summary>A time of day (RFC 3339 partial-time), as it was written.</summary>
/// <param name="Hour">0 to 23.</param>
/// <param name="Minute">0 to 59.</param>
/// <param name="Second">0 to 60: a leap second is a second.</param>
/// <param name="Nanosecond">0 to 999 999 999; what a file gives beyond that is cut off, not rounded.</param>
public readonly record struct LocalTime(int Hour, int Minute, int Second, int Nanosecond)
{
    /// <summary>True where every part is in its range.</summary>
    public bool IsValid =>
        Hour is >= 0 and <= 23 && Minute is >= 0 and <= 59 && Second is >= 0 and <= 60 && Nanosecond is >= 0 and <= 999_999_999;

    /// <summary><c>HH:MM:SS</c>, with as many digits of the fraction as are needed.</summary>
    public override string ToString()
    {
        var time = $"{Hour:00}:{Minute:00}:{Second:00}";
        return Nanosecond == 0 ? time : $"{time}.{Nanosecond.ToString("000000000", CultureInfo.InvariantCulture).TrimEnd('0')}";
    }
}
