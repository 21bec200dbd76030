using Meshpulse.Agent.Fleet.Logs;
using Meshpulse.Core.Diagnosis.Transcripts;

namespace Meshpulse.Agent.Tests.Fleet.Logs;

public sealed class TranscriptDayTests
{
    private static readonly TimeZoneInfo s_east = TimeZoneInfo.CreateCustomTimeZone("east", TimeSpan.FromHours(2), "east", "east");

    [Theory]
    [InlineData("08:00:00", "2026-03-01T09:00:00Z", "2026-03-01")]
    [InlineData("23:59:59", "2026-03-01T00:00:05Z", "2026-02-28")]
    [InlineData("10:00:30", "2026-03-01T10:00:00Z", "2026-03-01")]
    [InlineData("10:05:00", "2026-03-01T10:00:00Z", "2026-02-28")]
    [InlineData("23:00:00 00:30:00", "2026-03-01T00:31:00Z", "2026-02-28")]
    public void The_last_line_is_the_last_one_before_the_file_was_written(string times, string written, string first) =>
        Assert.Equal(Midnight(first), Of(times, written, null, TimeZoneInfo.Utc));

    [Fact]
    public void A_day_that_is_said_is_that_of_the_last_line() =>
        Assert.Equal(Midnight("2026-01-30"), Of("23:00:00 00:30:00", "2026-03-01T00:31:00Z", new DateOnly(2026, 1, 31), TimeZoneInfo.Utc));

    [Fact]
    public void Times_are_of_the_zone()
    {
        // Half past eleven at night in UTC is the next day's half past one there.
        Assert.Equal(Midnight("2026-03-01").AddHours(-2), Of("01:20:00", "2026-02-28T23:30:00Z", null, s_east));
    }

    private static DateTime Midnight(string day) => DateTime.SpecifyKind(DateTime.Parse(day, System.Globalization.CultureInfo.InvariantCulture), DateTimeKind.Utc);

    private static DateTime Of(string times, string written, DateOnly? lastDay, TimeZoneInfo zone)
    {
        var reader = new TranscriptReader("a", default);
        foreach (var time in times.Split(' '))
        {
            Assert.True(reader.Take($"{time} [               ] Connected to 0 servers", []));
        }

        var midnight = TranscriptDay.FirstMidnight(reader, DateTimeOffset.Parse(written, System.Globalization.CultureInfo.InvariantCulture), lastDay, zone);
        return DateTime.UnixEpoch.AddTicks(midnight.Nanoseconds / 100);
    }
}
