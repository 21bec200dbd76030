using Meshpulse.Core.Diagnosis.Transcripts;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Fleet.Logs;

/// <summary>On which days console output without dates was printed.</summary>
public static class TranscriptDay
{
    private const long SecondsOfDay = 86_400;

    // Output may be written a moment before its time is, and a file's time may be of another machine.
    private static readonly TimeSpan s_slack = TimeSpan.FromMinutes(1);

    /// <summary>When the day of the first line began.</summary>
    /// <param name="read">The file, read whole.</param>
    /// <param name="written">When the file was last written: the last line is the last one before it with that time of day.</param>
    /// <param name="lastDay">The day of the last line, where the operator says it; null else.</param>
    /// <param name="zone">In which zone the lines are.</param>
    public static WallTime FirstMidnight(TranscriptReader read, DateTimeOffset written, DateOnly? lastDay, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(zone);
        var (days, second) = Math.DivRem(read.Elapsed ?? 0, SecondsOfDay);
        var local = TimeZoneInfo.ConvertTime(written, zone).DateTime;
        var last = lastDay ?? DateOnly.FromDateTime(local);
        if (lastDay is null && last.ToDateTime(TimeOnly.MinValue).AddSeconds(second) > local + s_slack)
        {
            last = last.AddDays(-1);
        }

        // Counted from the last day's, which is the one that is known: a change of the hour before it does not move it.
        var midnight = last.ToDateTime(TimeOnly.MinValue);
        var offset = zone.GetUtcOffset(midnight.AddSeconds(second));
        return new WallTime((midnight - offset - DateTime.UnixEpoch).Ticks * 100) - Duration.FromSeconds(days * SecondsOfDay);
    }
}
