using Meshpulse.Cli.Commands;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Cli.Tests.Commands;

public class MeshCommandTests
{
    [Fact]
    public async Task An_empty_line_has_the_documented_defaults()
    {
        var mesh = await Line.Accepted("");

        Assert.Empty(mesh.Servers);
        Assert.Equal("127.0.0.1:12222", mesh.Bind.ToString());
        Assert.Equal(Duration.FromMilliseconds(5), mesh.Ping);
        Assert.Equal(Duration.FromMilliseconds(20), mesh.Threshold);
        Assert.Equal(Duration.FromSeconds(10), mesh.Interval);
        Assert.Equal(Duration.FromSeconds(10), mesh.Silence);
        Assert.Equal(Duration.FromSeconds(60), mesh.Retention);
        Assert.Equal("*:12223", mesh.Metrics!.ToString());
        Assert.Empty(mesh.Allow);
        Assert.Equal(2000, mesh.MaxPeers);
        Assert.False(mesh.Quiet || mesh.Debug || mesh.Realtime);
        Assert.True(mesh.Stamp);
    }

    [Theory]
    [InlineData("-p 7 -t 30 -i 60 -b 192.0.2.7:9 -q -m 9 -x 192.0.2.1")]
    [InlineData("--ping 7 --threshold 30 --interval 60 --bind 192.0.2.7:9 --quiet --metrics-bind 9 --debug 192.0.2.1")]
    [InlineData("--ping=7 --threshold=30 --interval=60 --bind=192.0.2.7:9 --quiet --metrics-bind=:9 --debug 192.0.2.1")]
    [InlineData("192.0.2.1 -p7 -t=30 -i60 -b192.0.2.7:9 -qxm9")]
    [InlineData("-qxp 7 192.0.2.1 -t30 -i 60 -b=192.0.2.7:9 -m :9 --")]
    [InlineData("-p 1 -p 7 -t 30 -i 60 -b 192.0.2.7:9 -q -m 9 -x -q -- 192.0.2.1 192.0.2.1:12222")]
    public async Task Options_may_be_spelt_in_all_the_usual_ways(string words)
    {
        var mesh = await Line.Accepted(words);

        Assert.Equal(["192.0.2.1:12222"], mesh.Servers.Select(s => s.ToString()));
        Assert.Equal(Duration.FromMilliseconds(7), mesh.Ping);
        Assert.Equal(Duration.FromMilliseconds(30), mesh.Threshold);
        Assert.Equal(Duration.FromSeconds(60), mesh.Interval);
        Assert.Equal("192.0.2.7:9", mesh.Bind.ToString());
        Assert.Equal("*:9", mesh.Metrics!.ToString());
        Assert.True(mesh.Quiet);
        Assert.True(mesh.Debug);
    }

    [Fact]
    public async Task Our_own_options_are_read()
    {
        var mesh = await Line.Accepted("--allow 192.0.2.0/24 --allow=2001:db8::/32 --silence 2.5 --retention 0 --realtime --no-stamp --full-metrics --max-peers 65535 -d -m 9");

        Assert.Equal(2, mesh.Allow.Length);
        Assert.True(mesh.Allow[0].Contains(Node("192.0.2.200:1")));
        Assert.False(mesh.Allow[0].Contains(Node("192.0.3.1:1")));
        Assert.True(mesh.Allow[1].Contains(Node("[2001:db8:1::1]:1")));
        Assert.Equal(Duration.FromMilliseconds(2500), mesh.Silence);
        Assert.Equal(Duration.Zero, mesh.Retention);
        Assert.True(mesh.Realtime);
        Assert.False(mesh.Stamp);
        Assert.True(mesh.FullMetrics);
        Assert.Equal(65535, mesh.MaxPeers);
        Assert.Null(mesh.Metrics);
    }

    [Fact]
    public async Task Servers_keep_their_order_and_count_once()
    {
        var mesh = await Line.Accepted("[2001:db8::7] b 192.0.2.7:9 B [2001:db8:0::7]:12222");

        Assert.Equal(["[2001:db8::7]:12222", "b:12222", "192.0.2.7:9"], mesh.Servers.Select(s => s.ToString()));
    }

    [Theory]
    [InlineData("-p 0.1", 100_000)]
    [InlineData("-p 0.5", 500_000)]
    [InlineData("-p 60000", 60_000_000_000)]
    public async Task A_ping_has_fractions_and_limits(string words, long nanoseconds) =>
        Assert.Equal(nanoseconds, (await Line.Accepted(words)).Ping.Nanoseconds);

    [Fact]
    public async Task A_long_ping_lengthens_the_silence_that_nobody_set()
    {
        Assert.Equal(Duration.FromSeconds(30), (await Line.Accepted("-p 10000")).Silence);
        Assert.Equal(Duration.FromSeconds(20), (await Line.Accepted("-p 10000 --silence 20")).Silence);
    }

    // A bracketed address as the first word, a word with @ and one after -- are where the parsing library has ideas of its own.
    [Theory]
    [InlineData("[2001:db8::7]")]
    [InlineData("-q [2001:db8::7]")]
    [InlineData("-- [2001:db8::7]")]
    public async Task A_bracketed_address_is_a_server_wherever_it_stands(string words) =>
        Assert.Equal(["[2001:db8::7]:12222"], (await Line.Accepted(words)).Servers.Select(s => s.ToString()));

    private static NodeEndpoint Node(string text) => NodeEndpoint.TryParse(text, out var node) ? node : throw new FormatException(text);
}
