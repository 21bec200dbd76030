using Meshpulse.Cli.Commands;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Cli.Tests.Commands;

public class ReflectCommandTests
{
    [Fact]
    public async Task An_empty_line_has_the_documented_defaults()
    {
        var reflect = await Accepted("");
        Assert.Equal("*:862", reflect.Listen.ToString());
        Assert.Null(reflect.KeyFile);
        Assert.Empty(reflect.Allow);
        Assert.True(reflect.ProcessTlvs);
        Assert.False(reflect.Stateless || reflect.Json);
        Assert.Null(reflect.Metrics);
    }

    [Fact]
    public async Task Every_option_is_read()
    {
        var reflect = await Accepted("--listen=[2001:db8::7]:8620 --key-file keys --allow 192.0.2.0/24 --allow=2001:db8::/32 --stateless --no-tlvs -m :9 --json");
        Assert.Equal("[2001:db8::7]:8620", reflect.Listen.ToString());
        Assert.Equal("keys", reflect.KeyFile);
        Assert.Equal(2, reflect.Allow.Length);
        Assert.True(NodeEndpoint.TryParse("192.0.2.9:1", out var inside));
        Assert.True(reflect.Allow[0].Contains(inside));
        Assert.False(reflect.ProcessTlvs);
        Assert.True(reflect.Stateless && reflect.Json);
        Assert.Equal("*:9", reflect.Metrics!.ToString());
        Assert.Null((await Accepted("-m :9 -d")).Metrics);
    }

    [Theory]
    [InlineData(":8620", "*:8620")]
    [InlineData("8620", "*:8620")]
    [InlineData("192.0.2.7", "192.0.2.7:862")]
    [InlineData("0.0.0.0:0", "0.0.0.0:0")]
    [InlineData("::", "[::]:862")]
    [InlineData("[::1]:9", "[::1]:9")]
    [InlineData("Host.example:9", "host.example:9")]
    public async Task Listen_has_an_address_or_a_port_or_both(string text, string expected) =>
        Assert.Equal(expected, (await Accepted($"--listen {text}")).Listen.ToString());

    [Theory]
    [InlineData("--listen :70000", "--listen :70000: port 70000 is not a number from 0 to 65535")]
    [InlineData("--listen 10.1", "--listen 10.1: not an IPv4 address; it has four numbers from 0 to 255, as in 192.0.2.7")]
    [InlineData("--listen 224.0.0.1", "--listen 224.0.0.1: 224.0.0.1 names no single host")]
    [InlineData("--listen fe80::1", "--listen fe80::1: fe80::1 is link-local: who asks from there can't be answered without an interface")]
    [InlineData("--listen", "--listen: a value is missing; it is where to listen, as in :8620, 192.0.2.7 or [2001:db8::7]:8620")]
    [InlineData("--allow 10.0.0.0/33", "--allow 10.0.0.0/33: not a network; it is written as in 192.0.2.0/24 or 2001:db8::/32")]
    [InlineData("--stateles", "--stateles: no such option; did you mean --stateless?")]
    [InlineData("--json=yes", "--json=yes: --json takes no value")]
    [InlineData("192.0.2.7", "reflect: 192.0.2.7 is one word too many; an address to listen at is given as in --listen 192.0.2.7")]
    public async Task A_wrong_line_is_one_line_and_2(string words, string error)
    {
        var line = await Line.Of($"reflect {words}");
        Assert.Equal((2, "", $"meshpulse: {error}\n"), (line.ExitCode, line.Output, line.Error));
        Assert.Null(line.Reflect);
    }

    [Fact]
    public async Task A_server_of_that_name_has_its_port_beside_it()
    {
        Assert.Equal(["reflect:12222"], (await Line.Accepted("reflect:12222")).Servers.Select(s => s.ToString()));
        Assert.Equal(["reflect:12222"], (await Line.Of("reflect", InvocationName.MeshMonitor)).Mesh!.Servers.Select(s => s.ToString()));
    }

    private static async Task<ReflectArguments> Accepted(string words)
    {
        var line = await Line.Of($"reflect {words}");
        Assert.Equal("", line.Error);
        Assert.Equal(Line.ReflectExitCode, line.ExitCode);
        return line.Reflect!;
    }
}
