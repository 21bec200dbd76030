using System.Net.Sockets;
using Meshpulse.Agent.Tracing;
using Meshpulse.Cli.Commands;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Tests.Commands;

public sealed class TraceCommandTests
{
    [Fact]
    public async Task A_host_alone_is_traced_with_four_flows_of_udp()
    {
        Assert.Equal(
            new TraceArguments
            {
                Host = "192.0.2.7",
                Protocol = TracingProtocol.Udp,
                Port = 33_434,
                Flows = 4,
                Interval = Duration.FromSeconds(4),
                MaxHops = 30,
                Timeout = Duration.FromSeconds(1),
            },
            await Accepted("192.0.2.7"));
    }

    [Fact]
    public async Task Every_option_is_taken()
    {
        Assert.Equal(
            new TraceArguments
            {
                Host = "2001:db8::7",
                Family = AddressFamily.InterNetworkV6,
                Protocol = TracingProtocol.Tcp,
                Port = 443,
                Flows = 64,
                Rounds = 3,
                Interval = Duration.FromMicroseconds(250_500),
                MaxHops = 255,
                Timeout = Duration.FromMilliseconds(300),
                IsNumeric = true,
                Json = true,
            },
            await Accepted("2001:db8::7 -6 -c 3 -i 250.5 --flows 64 --protocol tcp --port 443 --max-hops 255 --timeout 300 -n --json"));
    }

    [Fact]
    public async Task Source_ports_are_flows()
    {
        var arguments = await Accepted("h --source-ports 40002,40001,40002 --port 12222");
        Assert.Equal([40_002, 40_001], arguments.SourcePorts);
        Assert.Equal((2, 12_222, Duration.FromSeconds(2)), (arguments.Flows, arguments.Port, arguments.Interval));
    }

    [Fact]
    public async Task Empty_source_ports_are_any_flows()
    {
        // As an analysis has them whose verdict names no flows.
        var arguments = await Accepted("h --source-ports= --port 12222");
        Assert.Empty(arguments.SourcePorts);
        Assert.Equal(4, arguments.Flows);
    }

    [Theory]
    [InlineData("h --source-ports", "--source-ports: a value is missing; it is the source ports of the flows, as in 40001,40002")]
    [InlineData("h --source-ports 0", "--source-ports: port 0 is not a number from 1 to 65535")]
    [InlineData("h --source-ports 1,x", "--source-ports: port x is not a number from 1 to 65535")]
    [InlineData("h --source-ports 1 --protocol tcp", "--source-ports: of udp alone")]
    [InlineData("h --source-ports 1 --flows 1", "--source-ports: each is a flow; leave out --flows")]
    public async Task Source_ports_that_can_not_be_are_refused(string words, string error)
    {
        var line = await Line.Of($"trace {words}");
        Assert.Equal((CommandRunner.UsageExitCode, $"meshpulse: {error}\n"), (line.ExitCode, line.Error));
    }

    [Theory]
    [InlineData("Host.example", "host.example", 33_434)]
    [InlineData("h --protocol tcp", "h", 80)]
    [InlineData("h --protocol icmp", "h", 0)]
    [InlineData("[2001:db8::7] --port 53", "2001:db8::7", 53)]
    [InlineData("-4n h", "h", 33_434)]
    public async Task The_port_is_the_protocols_own(string words, string host, int port)
    {
        var arguments = await Accepted(words);
        Assert.Equal((host, port), (arguments.Host, arguments.Port));
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("16", 16)]
    public async Task Each_hop_is_asked_once_a_second_unless_told(string flows, int seconds) =>
        Assert.Equal(Duration.FromSeconds(seconds), (await Accepted($"h --flows {flows}")).Interval);

    [Theory]
    [InlineData("", "trace: the host is missing; it is trace HOST")]
    [InlineData("a b", "trace: one host at a time; b is one too many")]
    [InlineData("a:80", "a:80: the port is given by --port 80")]
    [InlineData("a -c 0", "-c 0: the number of rounds must be at least 1 (default until stopped; 10 without a terminal)")]
    [InlineData("a -i 9", "-i 9: the time between rounds must be at least 10 ms (default 1000 for each flow)")]
    [InlineData("a --timeout 0", "--timeout 0: the timeout must be at least 1 ms (default 1000)")]
    [InlineData("a --flows 0", "--flows 0: the number of flows must be at least 1 (default 4)")]
    [InlineData("a --flows 65", "--flows 65: the number of flows must be at most 64 (default 4)")]
    [InlineData("a --max-hops 256", "--max-hops 256: the number of hops must be at most 255 (default 30)")]
    [InlineData("a --protocol sctp", "--protocol sctp: not known; it is udp, icmp or tcp")]
    [InlineData("a --protocol icmp --port 7", "--port: icmp has no ports")]
    [InlineData("a --port 0", "--port: port 0 is not a number from 1 to 65535")]
    [InlineData("a -4 -6", "-4 and -6: one of them at most")]
    [InlineData("::1 -4", "::1: not an IPv4 address, which -4 asks for")]
    [InlineData("192.0.2.7 --ipv6", "192.0.2.7: not an IPv6 address, which --ipv6 asks for")]
    public async Task What_can_not_be_is_refused(string words, string problem)
    {
        var line = await Line.Of($"trace {words}");
        Assert.Equal((CommandRunner.UsageExitCode, $"meshpulse: {problem}\n", ""), (line.ExitCode, line.Error, line.Output));
        Assert.Null(line.Trace);
    }

    private static async Task<TraceArguments> Accepted(string words)
    {
        var line = await Line.Of($"trace {words}");
        Assert.Equal("", line.Error);
        Assert.Equal(Line.TraceExitCode, line.ExitCode);
        return line.Trace!;
    }
}
