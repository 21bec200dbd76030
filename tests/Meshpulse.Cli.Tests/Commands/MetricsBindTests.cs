using Meshpulse.Cli.Commands;

namespace Meshpulse.Cli.Tests.Commands;

public class MetricsBindTests
{
    [Theory]
    [InlineData("12223", null, 12223, "*:12223")]
    [InlineData("9", null, 9, "*:9")]
    [InlineData("0", null, 0, "*:0")]
    [InlineData(":9", null, 9, "*:9")]
    [InlineData("host", "host", 12223, "host:12223")]
    [InlineData("host:9", "host", 9, "host:9")]
    [InlineData("192.0.2.7", "192.0.2.7", 12223, "192.0.2.7:12223")]
    [InlineData("127.0.0.1:0", "127.0.0.1", 0, "127.0.0.1:0")]
    [InlineData("0.0.0.0:9", "0.0.0.0", 9, "0.0.0.0:9")]
    [InlineData("[::1]:9", "::1", 9, "[::1]:9")]
    [InlineData("[::]", "::", 12223, "[::]:12223")]
    [InlineData("::1", "::1", 12223, "[::1]:12223")]
    [InlineData("::9", "::9", 12223, "[::9]:12223")]
    public void Reads_host_port_or_both(string text, string? host, int port, string shown)
    {
        Assert.True(MetricsBind.TryParse(text, out var value, out var problem), problem);
        Assert.Equal((host, port), (value.Host, value.Port));
        Assert.Equal(shown, value.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("host:")]
    [InlineData("70000")]
    [InlineData(":70000")]
    [InlineData("host:-1")]
    [InlineData("1.2.3")]
    [InlineData("*:9")]
    [InlineData(":::9")]
    public void Refuses_what_is_neither(string text)
    {
        Assert.False(MetricsBind.TryParse(text, out var value, out var problem));
        Assert.Null(value);
        Assert.NotEqual("", problem);
    }
}
