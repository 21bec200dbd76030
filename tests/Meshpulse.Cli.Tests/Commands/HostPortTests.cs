using Meshpulse.Cli.Commands;

namespace Meshpulse.Cli.Tests.Commands;

public class HostPortTests
{
    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7", 12222, true)]
    [InlineData("192.0.2.7:1", "192.0.2.7", 1, true)]
    [InlineData("0.0.0.0:65535", "0.0.0.0", 65535, true)]
    [InlineData("[2001:db8::7]", "2001:db8::7", 12222, true)]
    [InlineData("[2001:db8::7]:9", "2001:db8::7", 9, true)]
    [InlineData("[2001:DB8:0:0::7]:9", "2001:db8::7", 9, true)]
    [InlineData("2001:db8::7", "2001:db8::7", 12222, true)]
    [InlineData("::1", "::1", 12222, true)]
    [InlineData("fe80::1:9", "fe80::1:9", 12222, true)]
    [InlineData("[::ffff:192.0.2.7]:9", "192.0.2.7", 9, true)]
    [InlineData("host", "host", 12222, false)]
    [InlineData("Node-1.Example.org:9", "node-1.example.org", 9, false)]
    [InlineData("example.org.", "example.org.", 12222, false)]
    [InlineData("my_service:9", "my_service", 9, false)]
    [InlineData("10.example", "10.example", 12222, false)]
    public void Reads_addresses_and_names(string text, string host, int port, bool isLiteral)
    {
        Assert.True(HostPort.TryParse(text, out var value, out var problem), problem);
        Assert.Equal(new HostPort(host, port, isLiteral), value);
        Assert.Equal("", problem);
        Assert.Equal(isLiteral, value.ToEndpoint() is not null);

        Assert.True(HostPort.TryParse(value.ToString(), out var again, out _));
        Assert.Equal(value, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData(":12222")]
    [InlineData("192.0.2.7:")]
    [InlineData("192.0.2.7:0")]
    [InlineData("192.0.2.7:70000")]
    [InlineData("192.0.2.7:-1")]
    [InlineData("192.0.2.7:+1")]
    [InlineData("192.0.2.7: 1")]
    [InlineData("192.0.2.7:1x")]
    [InlineData("192.0.2.7:99999999999999999999")]
    [InlineData("192.0.2")]
    [InlineData("192.0.2.256")]
    [InlineData("192.0.2.7.1")]
    [InlineData("192.0.02.7")]
    [InlineData("192..2.7")]
    [InlineData("12222")]
    [InlineData("a.1")]
    [InlineData("0x7f000001.1")]
    [InlineData("[::1")]
    [InlineData("[::1]9")]
    [InlineData("[::1]:")]
    [InlineData("[]")]
    [InlineData("[192.0.2.7]:9")]
    [InlineData("[host]:9")]
    [InlineData("[[::1]]")]
    [InlineData("::1]:9")]
    [InlineData("::g")]
    [InlineData("2001:db8::7:12222")]
    [InlineData("fe80::1%eth0")]
    [InlineData("a b")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("a..b")]
    [InlineData(".")]
    [InlineData("a/b")]
    [InlineData("b\u00fccher.example")]
    [InlineData("a\nb")]
    public void Refuses_what_is_neither(string text)
    {
        Assert.False(HostPort.TryParse(text, out var value, out var problem));
        Assert.Null(value);
        Assert.NotEqual("", problem);
    }

    [Fact]
    public void A_label_has_at_most_63_and_a_name_253_characters()
    {
        Assert.True(HostPort.TryParse(new string('a', 63), out _, out _));
        Assert.False(HostPort.TryParse(new string('a', 64), out _, out _));
        var longest = string.Join('.', Enumerable.Repeat(new string('a', 62), 4)) + ".b";
        Assert.Equal(253, longest.Length);
        Assert.True(HostPort.TryParse(longest, out _, out _));
        Assert.False(HostPort.TryParse(longest + "b", out _, out _));
    }
}
