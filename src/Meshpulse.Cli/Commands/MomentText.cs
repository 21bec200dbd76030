using System.Globalization;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Commands;

/// <summary>Moments as people write them: <c>now</c>, <c>-30m</c> before it, or RFC 3339 with a zone; without one it is UTC.</summary>
internal static class MomentText
{
    // RFC 3339, section 5.6, with the seconds' fraction and, for people, the time left out.
    private static readonly string[] s_forms =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mmK", "yyyy-MM-dd",
    ];

    /// <summary>Reads a moment; gives what is wrong, or null.</summary>
    public static string? Read(string text, WallTime now, out WallTime moment)
    {
        moment = now;
        if (text == "now")
        {
            return null;
        }

        if (text.StartsWith('-') && text.Length > 1)
        {
            var problem = SpanText.Read(text[1..], out var span);
            moment = now - span;
            return problem;
        }

        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (!DateTimeOffset.TryParseExact(text, s_forms, CultureInfo.InvariantCulture, Utc, out var at) || at.Year is < 1970 or > 2200)
        {
            return "not a time; it is written as in 2026-05-01T03:00:00Z, or as in -30m before now";
        }

        moment = new WallTime((at.UtcDateTime - DateTime.UnixEpoch).Ticks * 100);
        return null;
    }
}
