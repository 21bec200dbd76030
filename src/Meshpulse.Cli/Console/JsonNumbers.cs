using System.Text.Json;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Console;

/// <summary>Numbers that may be unknown, which is null.</summary>
internal static class JsonNumbers
{
    private const int NanosecondDigits = 6;

    /// <summary>A length in milliseconds, to the nanosecond.</summary>
    public static void WriteMilliseconds(Utf8JsonWriter json, string name, double? length) =>
        WriteFraction(json, name, length is { } known ? Math.Round(known, NanosecondDigits) : null);

    /// <summary>A length in microseconds. Decimal: 243.1 stays 243.1, and 5 has no fraction.</summary>
    public static void WriteMicroseconds(Utf8JsonWriter json, string name, Duration? length) => WriteNumber(json, name, length?.Nanoseconds / 1_000m);

    /// <summary>A number to its last digit.</summary>
    public static void WriteNumber(Utf8JsonWriter json, string name, decimal? number)
    {
        if (number is { } some)
        {
            json.WriteNumber(name, some);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>A number that was calculated.</summary>
    public static void WriteFraction(Utf8JsonWriter json, string name, double? number)
    {
        if (number is { } some)
        {
            json.WriteNumber(name, some);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
