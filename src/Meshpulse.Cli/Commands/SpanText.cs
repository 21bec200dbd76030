using System.Globalization;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Commands;

/// <summary>Spans of time as people write them: <c>90s</c>, <c>30m</c>, <c>1h30m</c>, <c>2d</c>.</summary>
internal static class SpanText
{
    private const long LongestSeconds = 365 * 86_400;

    /// <summary>Reads a span of one second to a year; gives what is wrong, or null.</summary>
    public static string? Read(string text, out Duration span)
    {
        span = default;
        var seconds = 0L;
        for (var at = 0; at < text.Length; at++)
        {
            var digits = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
            {
                at++;
            }

            var unit = at < text.Length ? Unit(text[at]) : 0;
            if (at == digits || unit == 0)
            {
                return "not a span of time; it is written as in 90s, 30m, 1h30m or 2d";
            }

            if (!long.TryParse(text.AsSpan(digits, at - digits), CultureInfo.InvariantCulture, out var count) || count > LongestSeconds)
            {
                return "must be at most 365d";
            }

            seconds = Math.Min(seconds + (count * unit), LongestSeconds + 1);
        }

        span = Duration.FromSeconds(seconds);
        return seconds switch
        {
            < 1 => "must be at least 1s",
            > LongestSeconds => "must be at most 365d",
            _ => null,
        };
    }

    private static long Unit(char unit) => unit switch
    {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => 0,
    };
}
