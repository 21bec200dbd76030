using System.Text;

namespace Meshpulse.Cli.Tests.Commands;

public class UsageTests
{
    [Theory]
    [InlineData("-p 0", "-p 0: the ping interval must be at least 0.1 ms (default 5)")]
    [InlineData("-p -5", "-p -5: the ping interval must be at least 0.1 ms (default 5)")]
    [InlineData("--ping=0.09", "--ping 0.09: the ping interval must be at least 0.1 ms (default 5)")]
    [InlineData("-p 60001", "-p 60001: the ping interval must be at most 60000 ms (default 5)")]
    [InlineData("-p abc", "-p abc: not a number; the ping interval is 0.1 to 60000 ms (default 5)")]
    [InlineData("-p 1e3", "-p 1e3: not a number; the ping interval is 0.1 to 60000 ms (default 5)")]
    [InlineData("-p NaN", "-p NaN: not a number; the ping interval is 0.1 to 60000 ms (default 5)")]
    [InlineData("-p 1,5", "-p 1,5: not a number; the ping interval is 0.1 to 60000 ms (default 5)")]
    [InlineData("-p", "-p: a value is missing; it is the ping interval in ms (default 5)")]
    [InlineData("--ping=", "--ping: a value is missing; it is the ping interval in ms (default 5)")]
    [InlineData("-p ''", "-p: a value is missing; it is the ping interval in ms (default 5)")]
    [InlineData("-p --quiet", "-p --quiet: not a number; the ping interval is 0.1 to 60000 ms (default 5)")]
    [InlineData("-t 0.5", "-t 0.5: the threshold must be at least 1 ms (default 20)")]
    [InlineData("-i 0", "-i 0: the report interval must be at least 1 s (default 10)")]
    [InlineData("-i 86401", "-i 86401: the report interval must be at most 86400 s (default 10)")]
    [InlineData("--retention -1", "--retention -1: the retention must be at least 0 s (default 60)")]
    [InlineData("--max-peers 0", "--max-peers 0: the number of peers must be at least 1 (default 2000)")]
    [InlineData("--max-peers 1.5", "--max-peers 1.5: not a whole number; the number of peers is 1 to 65535 (default 2000)")]
    [InlineData("--silence 1 -p 600", "--silence 1: the silence must be at least two ping intervals (1.2 s)")]
    [InlineData("--allow 10.1/16", "--allow 10.1/16: not a network; it is written as in 192.0.2.0/24 or 2001:db8::/32")]
    [InlineData("--allow 10.0.0.0/33", "--allow 10.0.0.0/33: not a network; it is written as in 192.0.2.0/24 or 2001:db8::/32")]
    [InlineData("--allow host", "--allow host: not a network; it is written as in 192.0.2.0/24 or 2001:db8::/32")]
    public Task A_bad_value_is_answered_with_what_would_be_good(string words, string error) => Refuses(words, error);

    [Theory]
    [InlineData("-b 0.0.0.0", "-b 0.0.0.0: the bind address is this node's identity, by which the others must reach it; give one of this host's addresses, as in -b 192.0.2.7")]
    [InlineData("--bind [::]:9", "--bind [::]:9: the bind address is this node's identity, by which the others must reach it; give one of this host's addresses, as in -b 192.0.2.7")]
    [InlineData("-b 224.0.0.1", "-b 224.0.0.1: 224.0.0.1 names no single host")]
    [InlineData("-b fe80::1", "-b fe80::1: fe80::1 is link-local: it means nothing without an interface, and heartbeats carry addresses only")]
    [InlineData("-b 192.0.2.7:70000", "-b 192.0.2.7:70000: port 70000 is not a number from 1 to 65535")]
    [InlineData("-b 12222", "-b 12222: not an IPv4 address; it has four numbers from 0 to 255, as in 192.0.2.7")]
    [InlineData("-b :12222", "-b :12222: the address is missing")]
    [InlineData("-b a/b", "-b a/b: neither an address nor a host name")]
    [InlineData("-m 70000", "-m 70000: port 70000 is not a number from 0 to 65535")]
    [InlineData("-m host:x", "-m host:x: port x is not a number from 0 to 65535")]
    [InlineData("-d -m host:x", "-m host:x: port x is not a number from 0 to 65535")]
    [InlineData("host:70000", "host:70000: port 70000 is not a number from 1 to 65535")]
    [InlineData("0.0.0.0", "0.0.0.0: 0.0.0.0 names no host")]
    [InlineData("1.2.3", "1.2.3: not an IPv4 address; it has four numbers from 0 to 255, as in 192.0.2.7")]
    [InlineData("::1:12222x", "::1:12222x: not an IPv6 address; with a port it is written [ADDRESS]:PORT")]
    [InlineData("[::1:9", "[::1:9: the closing bracket is missing; an IPv6 address with a port is written [ADDRESS]:PORT")]
    [InlineData("fe80::1%eth0", "fe80::1%eth0: an address with an interface (%) can't be used: heartbeats carry addresses only")]
    [InlineData("@file", "@file: neither an address nor a host name")]
    [InlineData("-", "-: neither an address nor a host name")]
    [InlineData("''", "'': the address is missing")]
    public Task A_bad_address_is_answered_with_what_is_wrong_about_it(string words, string error) => Refuses(words, error);

    [Theory]
    [InlineData("--treshold 5", "--treshold: no such option; did you mean --threshold?")]
    [InlineData("--pnig=5", "--pnig: no such option; did you mean --ping?")]
    [InlineData("--metrics 5", "--metrics: no such option; did you mean --metrics-bind?")]
    [InlineData("--disable", "--disable: no such option; did you mean --disable-metrics?")]
    [InlineData("--PING 5", "--PING: no such option; did you mean --ping?")]
    [InlineData("--p 5", "--p: no such option; did you mean -p?")]
    [InlineData("-P 5", "-P: no such option; did you mean -p?")]
    [InlineData("-ping 5", "-ping: no such option; did you mean --ping?")]
    [InlineData("-quiet", "-quiet: no such option; did you mean --quiet?")]
    [InlineData("-z", "-z: no such option; meshpulse --help lists them")]
    [InlineData("host -qz", "-z in -qz: no such option; meshpulse --help lists them")]
    [InlineData("--nothing-like-it", "--nothing-like-it: no such option; meshpulse --help lists them")]
    [InlineData("--quiet=true", "--quiet=true: --quiet takes no value")]
    [InlineData("demo --nodes 5", "--nodes: no such option; meshpulse demo --help lists them")]
    [InlineData("demo host", "demo host: demo takes no arguments")]
    [InlineData("demo host port", "demo host: demo takes no arguments")]
    public Task An_unknown_option_is_answered_with_the_nearest_one(string words, string error) => Refuses(words, error);

    [Fact]
    public async Task What_is_repeated_can_neither_forge_lines_nor_flood_them()
    {
        var line = await Line.Of(["-p", "1\nroot: \e[2J" + new string('x', 1000)]);

        Assert.Equal($"meshpulse: -p 1?root: ?[2J{new string('x', 48)}...: not a number; the ping interval is 0.1 to 60000 ms (default 5)\n", line.Error);
    }

    [Fact]
    public async Task Random_words_are_taken_or_refused_in_one_line()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        string[] parts = ["-", "--", "p", "q", "b", "m", "ping", "bind", "=", ":", "[", "]", "::", "1", "0", "5", ".", "192.0.2.7", "host", " ", "\n", "@", "%", "/", "demo", "check", "--mesh", "watch", "\u00fc", "allow"];
        for (var i = 0; i < 3000; i++)
        {
            var words = Enumerable.Range(0, random.Next(5)).Select(_ => string.Concat(random.GetItems(parts, random.Next(6)))).ToArray();
            var line = await Line.Of(words);

            var story = $"seed {seed}: {string.Join('|', words)} gave {line.ExitCode} {line.Output}{line.Error}";
            Assert.True(line.ExitCode is 0 or 2 or Line.MeshExitCode or Line.DemoExitCode or Line.CheckExitCode, story);
            Assert.True(line.ExitCode == 2 ? line.Error.IndexOf('\n') == line.Error.Length - 1 : line.Error.Length == 0, story);
            Assert.Equal(line.ExitCode == Line.MeshExitCode, line.Mesh is not null);
            Assert.Equal(line.ExitCode == Line.CheckExitCode, line.Check is not null);
        }
    }

    private static async Task Refuses(string words, string error)
    {
        var line = await Line.Of(words);
        Assert.Equal($"meshpulse: {error}\n", line.Error);
        Assert.Equal(2, line.ExitCode);
        Assert.Equal("", line.Output);
        Assert.Null(line.Mesh);
        Assert.Null(line.Check);
        Assert.False(line.Demo);
    }
}
