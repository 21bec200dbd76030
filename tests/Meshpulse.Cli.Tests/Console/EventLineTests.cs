using Meshpulse.Cli.Console;

namespace Meshpulse.Cli.Tests.Console;

public class EventLineTests
{
    [Theory]
    [InlineData("172.31.10.72", "New remote endpoint - establishing connection", "09:08:51 [   172.31.10.72] New remote endpoint - establishing connection\n")]
    [InlineData("172.31.14.3", "Broken pipe", "09:08:51 [    172.31.14.3] Broken pipe\n")]
    [InlineData("", "Connected to 3 servers", "09:08:51 [               ] Connected to 3 servers\n")]
    [InlineData("255.255.255.255", "Connected", "09:08:51 [255.255.255.255] Connected\n")]
    [InlineData("2001:db8:1:2:3:4:5:6", "Connected", "09:08:51 [2001:db8:1:2:3:4:5:6] Connected\n")]
    public void The_address_is_right_aligned_in_15_columns(string address, string text, string line) =>
        Assert.Equal(line, EventLine.Format(new TimeOnly(9, 8, 51, 999), address, text));

    [Fact]
    public void The_day_has_24_hours() => Assert.StartsWith("23:00:07 [", EventLine.Format(new TimeOnly(23, 0, 7), "", "x"), StringComparison.Ordinal);

    [Fact]
    public void A_text_stays_one_line() => Assert.Equal("00:00:00 [               ] a?b?[2J\n", EventLine.Format(default, "", "a\nb\e[2J"));
}
