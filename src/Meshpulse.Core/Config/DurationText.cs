using System.Buffers;
using System.Globalization;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Config;

/// <summary>Durations as people write them: <c>500us</c>, <c>25ms</c>, <c>1.5s</c>, <c>2m</c>, <c>1h</c>, <c>7d</c>.</summary>
public static class DurationText
{
    // More than any duration needs, and few enough for a decimal to hold.
    private const int MostDigits = 25;

    private static readonly SearchValues<char> s_inNumber = SearchValues.Create("0123456789.");

    private static readonly (string Name, long Nanoseconds)[] s_units =
    [
        ("d", 86_400_000_000_000), ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000),
        ("ms", 1_000_000), ("us", 1_000), ("ns", 1),
    ];

    /// <summary>
    /// Reads a number with its unit: <c>ns us ms s m h d</c>, and <c>µs</c> for <c>us</c>. No sign, no exponent; a blank may stand
    /// before the unit. What is finer than a nanosecond is cut off.
    /// </summary>
    /// <param name="problem">What is wrong, in words that follow the text; empty where nothing is.</param>
    public static bool TryParse(string text, out Duration value, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = default;
        var end = text.AsSpan().IndexOfAnyExcept(s_inNumber);
        var number = end < 0 ? text : text[..end];
        var unit = end < 0 ? "" : text[end..].TrimStart(' ');
        problem = "";
        if (number.Length > MostDigits)
            problem = "has too many digits";
        else if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var size))
            problem = "is no duration; it is a number with a unit, as in 500us, 25ms, 5s, 2m, 1h";
        else if (unit.Length == 0)
            problem = $"has no unit, as in \"{number}ms\" or \"{number}s\"";
        else if (Nanoseconds(unit) is not { } factor)
            problem = $"has no known unit; there are {string.Join(", ", s_units.Reverse().Select(u => u.Name))}";
        else if (size > (decimal)long.MaxValue / factor)
            problem = "is longer than 292 years";
        else
            value = new Duration((long)(size * factor));
        return problem.Length == 0;
    }

    /// <summary>The shortest of the forms that is exact: <c>90s</c> for a minute and a half, <c>0s</c> for nothing.</summary>
    public static string Format(Duration value)
    {
        if (value == Duration.Zero)
            return "0s";
        var (name, size) = s_units.First(unit => value.Nanoseconds % unit.Nanoseconds == 0);
        return $"{value.Nanoseconds / size}{name}";
    }

    private static long? Nanoseconds(string unit)
    {
        // Both micro signs: the one of Latin-1 and the Greek letter.
        var name = unit is "\u00B5s" or "\u03BCs" ? "us" : unit;
        foreach (var known in s_units)
        {
            if (known.Name == name)
                return known.Nanoseconds;
        }

        return null;
    }
}
