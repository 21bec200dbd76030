using System.Globalization;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Console;

/// <summary>Times of reports and notes, always in UTC: lines of hosts in different zones can be laid side by side.</summary>
internal static class ReportTime
{
    /// <summary><c>2022-03-25 09:56:37</c>, rounded down.</summary>
    public static string Text(WallTime at) => Utc(at).ToString("yyyy-MM-dd HH':'mm':'ss", CultureInfo.InvariantCulture);

    /// <summary><c>2022-03-25T09:56:37.123456Z</c> (RFC 3339), rounded down to a microsecond.</summary>
    public static string Json(WallTime at) => Utc(at).ToString("yyyy-MM-dd'T'HH':'mm':'ss'.'ffffff'Z'", CultureInfo.InvariantCulture);

    // A tick is 100 ns.
    private static DateTime Utc(WallTime at) => DateTime.UnixEpoch.AddTicks(at.Nanoseconds / 100);
}
