using Meshpulse.Core.Config;
using Meshpulse.Core.Statistics;

namespace Meshpulse.Core.Tests.Config;

public sealed class ServerAddressTests
{
    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", 4232, IpFamily.V4, false)]
    [InlineData("127.0.0.1:4777", "127.0.0.1", 4777, IpFamily.V4, true)]
    [InlineData("v4:127.0.0.1", "127.0.0.1", 4232, IpFamily.V4, false)]
    [InlineData("v4:127.0.0.1:4777", "127.0.0.1", 4777, IpFamily.V4, true)]
    [InlineData("::1", "::1", 4232, IpFamily.V6, false)]
    [InlineData("v6:::1", "::1", 4232, IpFamily.V6, false)]
    [InlineData("v6:[::1]:4777", "::1", 4777, IpFamily.V6, true)]
    [InlineData("[::1]", "::1", 4232, IpFamily.V6, false)]
    [InlineData("[2001:DB8:0:0::7]:1", "2001:db8::7", 1, IpFamily.V6, true)]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1", 4232, IpFamily.V4, false)]
    [InlineData("Web1.Example", "web1.example", 4232, IpFamily.Any, false)]
    [InlineData("web_1:65535", "web_1", 65535, IpFamily.Any, true)]
    [InlineData("v6:web1.example:99", "web1.example", 99, IpFamily.V6, true)]
    [InlineData("v4:web1", "web1", 4232, IpFamily.V4, false)]
    public void Addresses_are_read_as_people_write_them(string text, string host, int port, IpFamily family, bool hasOwnPort)
    {
        Assert.True(ServerAddress.TryParse(text, 4232, out var address, out var problem), problem);
        Assert.Equal((host, port, family, hasOwnPort), (address.Host, address.Port, address.Family, address.HasOwnPort));
        Assert.Equal(host.Contains(':') ? $"[{host}]:{port}" : $"{host}:{port}", address.ToString());
        Assert.Equal(char.IsLetter(host[0]) ? null : address.ToString(), address.Literal?.ToString());
    }

    [Theory]
    [InlineData("", "has no address in it")]
    [InlineData("v4:", "has no address in it")]
    [InlineData("1", "is no IPv4 address; it has four numbers from 0 to 255, as in 192.0.2.7")]
    [InlineData("1.2.3", "is no IPv4 address; it has four numbers from 0 to 255, as in 192.0.2.7")]
    [InlineData("010.0.0.1", "is no IPv4 address; it has four numbers from 0 to 255, as in 192.0.2.7")]
    [InlineData("1.2.3.4.", "is no IPv4 address; it has four numbers from 0 to 255, as in 192.0.2.7")]
    [InlineData("1.2.3.4:", "lacks the port behind the colon")]
    [InlineData("1.2.3.4:0", "has the port '0'; a port is a number from 1 to 65535")]
    [InlineData("1.2.3.4:-1", "has the port '-1'; a port is a number from 1 to 65535")]
    [InlineData("v6:1.2.3.4", "is an IPv4 address behind v6:; write v4: or nothing")]
    [InlineData("v4:[::1]:9", "is an IPv6 address behind v4:; write v6: or nothing")]
    [InlineData("::1::", "is no IPv6 address; with a port it is written [ADDRESS]:PORT")]
    [InlineData("[::1", "lacks its closing bracket; an IPv6 address with a port is written [ADDRESS]:PORT")]
    [InlineData("[::1]9", "has brackets in the wrong place; they are for IPv6: [ADDRESS] or [ADDRESS]:PORT")]
    [InlineData("[1.2.3.4]:9", "has brackets in the wrong place; they are for IPv6: [ADDRESS] or [ADDRESS]:PORT")]
    [InlineData("fe80::1%eth0", "names an interface (%), which can't be used; give another address of the server")]
    [InlineData("fe80::1", "is link-local: it means nothing without an interface; give another address of the server")]
    [InlineData("0.0.0.0", "names no host")]
    [InlineData("[::]:9", "names no host")]
    [InlineData("ff02::1", "names no single host")]
    [InlineData("255.255.255.255", "names no single host")]
    [InlineData("a b", "is neither an address, as in 192.0.2.7 or [2001:db8::7]:4232, nor a host name")]
    [InlineData("-a", "is neither an address, as in 192.0.2.7 or [2001:db8::7]:4232, nor a host name")]
    [InlineData("a..b", "is neither an address, as in 192.0.2.7 or [2001:db8::7]:4232, nor a host name")]
    public void What_is_no_address_is_told_why(string text, string expected)
    {
        Assert.False(ServerAddress.TryParse(text, 4232, out var address, out var problem));
        Assert.Null(address);
        Assert.Equal(expected, problem);
    }

    [Fact]
    public void Addresses_are_equal_where_they_lead_to_the_same_place()
    {
        static ServerAddress Of(string text, int port = 4232) => ServerAddress.TryParse(text, port, out var address, out var problem) ? address : throw new InvalidOperationException(problem);
        Assert.Equal(Of("192.0.2.1"), Of("v4:192.0.2.1:4232"));
        Assert.Equal(Of("::1").GetHashCode(), Of("[0:0::1]:4232").GetHashCode());
        Assert.NotEqual(Of("192.0.2.1"), Of("192.0.2.1", 1));
        Assert.NotEqual(Of("web"), Of("v6:web"));
        Assert.Equal("192.0.2.1:9", Of("192.0.2.1").WithPort(9).Literal.ToString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Whatever_is_read_prints_as_something_that_reads_the_same(ulong seed)
    {
        string[] pieces = ["1", "0", "255", ".", ":", "::", "[", "]", "v4:", "v6:", "a", "db8", "-", "_", "%", " ", "é", "4232", "fe80", "\n"];
        var random = new SplitMix64(seed);
        var read = 0;
        for (var i = 0; i < 30_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Below(9)).Select(_ => pieces[random.Below(pieces.Length)]));
            if (!ServerAddress.TryParse(text, 4232, out var address, out var problem))
            {
                Assert.True(problem.Length > 0, $"seed {seed}: {text}");
                continue;
            }

            read++;
            var printed = (address.Literal is null && address.Family != IpFamily.Any ? address.Family.ToString().ToLowerInvariant() + ":" : "") + address;
            Assert.True(ServerAddress.TryParse(printed, 1, out var again, out _) && again.Equals(address), $"seed {seed}: {text} printed {printed}");
        }

        Assert.InRange(read, 100, 25_000);
    }
}
