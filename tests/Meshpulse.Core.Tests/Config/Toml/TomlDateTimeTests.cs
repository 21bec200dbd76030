using Meshpulse.Core.Config.Toml;
using static Meshpulse.Core.Tests.Config.Toml.TomlSample;

namespace Meshpulse.Core.Tests.Config.Toml;

public sealed class TomlDateTimeTests
{
    [Theory]
    [InlineData("1979-05-27T07:32:00Z", 0, 0)]
    [InlineData("1979-05-27t07:32:00z", 0, 0)]
    [InlineData("1979-05-27 07:32:00Z", 0, 0)]
    [InlineData("1979-05-27T07:32:00.999999-07:00", 999_999_000, -420)]
    [InlineData("1979-05-27T07:32:00.1+23:59", 100_000_000, 1439)]
    [InlineData("1979-05-27T07:32:00-00:00", 0, 0)]
    [InlineData("1979-05-27T07:32:00.1234567899Z", 123_456_789, 0)]
    public void An_offset_date_time_gives_its_parts(string written, int nanosecond, int offset) =>
        Assert.Equal(
            new OffsetDateTime(new LocalDateTime(new LocalDate(1979, 5, 27), new LocalTime(7, 32, 0, nanosecond)), offset),
            Assert.IsType<TomlOffsetDateTime>(Value(written)).Value);

    [Theory]
    [InlineData("1979-05-27T07:32:00", 0)]
    [InlineData("1979-05-27 07:32:00.5 # comment", 500_000_000)]
    [InlineData("1979-05-27T07:32:00.000000001", 1)]
    [InlineData("1979-05-27T07:32:00.0000000019", 1)]
    public void A_local_date_time_gives_its_parts(string written, int nanosecond) =>
        Assert.Equal(
            new LocalDateTime(new LocalDate(1979, 5, 27), new LocalTime(7, 32, 0, nanosecond)),
            Assert.IsType<TomlLocalDateTime>(Value(written)).Value);

    [Theory]
    [InlineData("0000-01-01", 0, 1, 1)]
    [InlineData("9999-12-31", 9999, 12, 31)]
    [InlineData("2000-02-29", 2000, 2, 29)]
    [InlineData("2024-02-29 # 12:00:00", 2024, 2, 29)]
    [InlineData("2024-04-30 ", 2024, 4, 30)]
    public void A_local_date_gives_its_parts(string written, int year, int month, int day) =>
        Assert.Equal(new LocalDate(year, month, day), Assert.IsType<TomlLocalDate>(Value(written)).Value);

    [Theory]
    [InlineData("00:00:00", 0, 0, 0, 0)]
    [InlineData("23:59:60", 23, 59, 60, 0)]
    [InlineData("07:32:00.25", 7, 32, 0, 250_000_000)]
    public void A_local_time_gives_its_parts(string written, int hour, int minute, int second, int nanosecond) =>
        Assert.Equal(new LocalTime(hour, minute, second, nanosecond), Assert.IsType<TomlLocalTime>(Value(written)).Value);

    [Theory]
    [InlineData("1900-02-29", "the calendar has no such day")]
    [InlineData("2023-02-29T00:00:00Z", "the calendar has no such day")]
    [InlineData("2024-02-30", "the calendar has no such day")]
    [InlineData("2024-04-31", "the calendar has no such day")]
    [InlineData("2024-00-01", "the calendar has no such day")]
    [InlineData("2024-13-01", "the calendar has no such day")]
    [InlineData("2024-01-00", "the calendar has no such day")]
    [InlineData("2024-1-01", "a date is written YYYY-MM-DD")]
    [InlineData("2024-01", "a date is written YYYY-MM-DD")]
    [InlineData("24-01-01", "a date is written YYYY-MM-DD")]
    [InlineData("12024-01-01", "a date is written YYYY-MM-DD")]
    [InlineData("2024-01-01T", "a time is written HH:MM:SS")]
    [InlineData("2024-01-01T12:00", "a time is written HH:MM:SS")]
    [InlineData("2024-01-01 12:00", "a time is written HH:MM:SS")]
    [InlineData("2024-01-01x12:00:00", "between the date and the time stands T or one space")]
    [InlineData("2024-01-01Z", "between the date and the time stands T or one space")]
    [InlineData("2024-01-01T12:00:00.", "digits are missing behind the seconds' point")]
    [InlineData("2024-01-01T12:00:00.Z", "digits are missing behind the seconds' point")]
    [InlineData("2024-01-01T12:00:00+1:00", "behind the time may stand Z or an offset")]
    [InlineData("2024-01-01T12:00:00+0100", "behind the time may stand Z or an offset")]
    [InlineData("2024-01-01T12:00:00ZZ", "behind the time may stand Z or an offset")]
    [InlineData("2024-01-01T12:00:00+24:00", "offsets go from")]
    [InlineData("2024-01-01T12:00:00-00:60", "offsets go from")]
    [InlineData("24:00:00", "the clock has no such time")]
    [InlineData("12:60:00", "the clock has no such time")]
    [InlineData("12:00:61", "the clock has no such time")]
    [InlineData("1:00:00", "a time is written HH:MM:SS")]
    [InlineData("12:00", "a time is written HH:MM:SS")]
    [InlineData("12:00:00Z", "a time without a date takes no offset")]
    [InlineData("12:00:00.5+01:00", "a time without a date takes no offset")]
    public void A_wrong_date_or_time_is_refused(string written, string why) =>
        Assert.StartsWith($"1:5 '{written}': {why}", Assert.Single(Errors($"a = {written}")), StringComparison.Ordinal);

    [Theory]
    [InlineData("a = 2024-01-01  12:00:00")]
    [InlineData("a = 2024-01-01\t12:00:00")]
    [InlineData("a = 2024-01-01 T12:00:00")]
    public void Only_one_space_joins_a_date_and_a_time(string text) => Assert.Contains("the line should end here", Assert.Single(Errors(text)), StringComparison.Ordinal);

    [Fact]
    public void Parts_print_as_they_are_read()
    {
        string[] forms = ["2024-02-29T01:02:03.00405Z", "2024-02-29T01:02:03-07:30", "2024-02-29T01:02:03", "0001-01-01", "01:02:03.9"];
        Assert.All(forms, form => Assert.Equal(form, Value(form).ToString()));
    }
}
