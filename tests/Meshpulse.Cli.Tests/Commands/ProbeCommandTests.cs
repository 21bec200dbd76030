using System.Net.Sockets;
using Meshpulse.Agent.Sounding;
using Meshpulse.Cli.Commands;
using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Tests.Commands;

public sealed class ProbeCommandTests
{
    [Fact]
    public async Task A_host_alone_is_probed_until_stopped()
    {
        Assert.Equal(
            new ProbeArguments
            {
                Target = new HostPort("192.0.2.7", 862, IsLiteral: true),
                Interval = Duration.FromMilliseconds(100),
                Timeout = Duration.FromSeconds(1),
                Flows = 1,
            },
            await Accepted("192.0.2.7"));
    }

    [Fact]
    public async Task Every_option_is_taken()
    {
        Assert.Equal(
            new ProbeArguments
            {
                Target = new HostPort("::1", 8620, IsLiteral: true),
                Protocol = SoundingProtocol.Stamp,
                Count = 16,
                Interval = Duration.FromMicroseconds(2_500),
                Size = 300,
                Timeout = Duration.FromMilliseconds(300),
                Flows = 64,
                KeyFile = "keys",
                Tlvs = StampTlvSet.Location | StampTlvSet.AccessReport,
                Dscp = 46,
                Family = AddressFamily.InterNetworkV6,
                Portable = true,
                Json = true,
            },
            await Accepted("[::1]:8620 -c 16 -i 2.5 -s 300 --timeout 300 --flows 64 --protocol stamp --mode authenticated --key-file keys --tlvs access,location -Q ef -6 -n --portable --json"));
    }

    [Theory]
    [InlineData("Host.example", "host.example", 862)]
    [InlineData("host.example --protocol twamp", "host.example", 862)]
    [InlineData("host.example --protocol udp_ping", "host.example", 4232)]
    [InlineData("host.example:99 --protocol udp_ping", "host.example", 99)]
    [InlineData("[2001:db8::7]", "2001:db8::7", 862)]
    [InlineData("2001:db8::7", "2001:db8::7", 862)]
    public async Task The_port_is_the_protocols_own(string words, string host, int port)
    {
        var target = (await Accepted(words)).Target;
        Assert.Equal((host, port), (target.Host, target.Port));
    }

    [Theory]
    [InlineData("h --key-file k", "k")]
    [InlineData("h --key-file k --mode unauthenticated", null)]
    [InlineData("h --key-file k --mode unauthenticated --protocol twamp", null)]
    [InlineData("h --mode unauthenticated", null)]
    public async Task A_key_file_means_authenticated_unless_the_mode_says_otherwise(string words, string? keyFile) =>
        Assert.Equal(keyFile, (await Accepted(words)).KeyFile);

    [Theory]
    [InlineData("", "probe: the host is missing; it is probe HOST or HOST:PORT")]
    [InlineData("a b", "probe: one host at a time; b is one too many")]
    [InlineData("a:0", "a:0: port 0 is not a number from 1 to 65535")]
    [InlineData("a -c 0", "-c 0: the number of packets must be at least 1 (default until stopped)")]
    [InlineData("a -c 1.5", "-c 1.5: not a whole number; the number of packets is 1 to 1000000000 (default until stopped)")]
    [InlineData("a -i 0", "-i 0: the time between packets must be at least 0.01 ms (default 100)")]
    [InlineData("a --timeout 0", "--timeout 0: the timeout must be at least 1 ms (default 1000)")]
    [InlineData("a --flows 65", "--flows 65: the number of flows must be at most 64 (default 1)")]
    [InlineData("a -s 43", "-s 43: the size must be at least 44 (default 72)")]
    [InlineData("a -s 111 --key-file k", "-s 111: the size must be at least 112 (default 160)")]
    [InlineData("a -s 13 --protocol twamp", "-s 13: the size must be at least 14 (default 44)")]
    [InlineData("a -s 17 --protocol udp_ping", "-s 17: the size must be at least 18 (default 18)")]
    [InlineData("a -s 65508", "-s 65508: the size must be at most 65507 (default 72)")]
    [InlineData("a --protocol ping", "--protocol ping: not known; it is stamp, udp_ping or twamp")]
    [InlineData("a --mode open", "--mode open: not known; it is unauthenticated or authenticated")]
    [InlineData("a --mode authenticated", "--mode authenticated: needs --key-file")]
    [InlineData("a --tlvs where", "--tlvs where: not known; it is location, timestamp, direct, access or all")]
    [InlineData("a --tlvs location,", "--tlvs '': not known; it is location, timestamp, direct, access or all")]
    [InlineData("a --tlvs follow_up", "--tlvs follow_up: not known; it is location, timestamp, direct, access or all")]
    [InlineData("a --tlvs all --protocol twamp", "--tlvs: only with --protocol stamp")]
    [InlineData("a --tlvs direct,location -s 107", "-s 107: --tlvs location,direct needs 108 bytes at least")]
    [InlineData("a --tlvs all --key-file k --size 211", "--size 211: --tlvs location,timestamp,direct,access needs 212 bytes at least")]
    [InlineData("a --tlvs all -s 43", "-s 43: the size must be at least 44 (default 152)")]
    [InlineData("a -Q 64", "-Q 64: not a code point; there are CS0 to CS7, AF11 to AF43, EF, VA and LE, or a number from 0 to 63")]
    [InlineData("a --dscp AF44", "--dscp AF44: not a code point; there are CS0 to CS7, AF11 to AF43, EF, VA and LE, or a number from 0 to 63")]
    [InlineData("a -Q -1", "-Q -1: not a code point; there are CS0 to CS7, AF11 to AF43, EF, VA and LE, or a number from 0 to 63")]
    [InlineData("a -4 -6", "-4 and -6: one of them at most")]
    [InlineData("192.0.2.7 -6", "192.0.2.7: not an IPv6 address, which -6 asks for")]
    [InlineData("[::1]:862 --ipv4", "[::1]:862: not an IPv4 address, which --ipv4 asks for")]
    [InlineData("a --protocol twamp --key-file k", "--key-file: only with --protocol stamp")]
    [InlineData("a --protocol udp_ping --mode authenticated", "--mode authenticated: only with --protocol stamp")]
    public async Task What_can_not_be_is_refused(string words, string problem)
    {
        var line = await Line.Of($"probe {words}");
        Assert.Equal((CommandRunner.UsageExitCode, $"meshpulse: {problem}\n", ""), (line.ExitCode, line.Error, line.Output));
        Assert.Null(line.Probe);
    }

    [Theory]
    [InlineData("location", StampTlvSet.Location)]
    [InlineData("direct,timestamp,direct", StampTlvSet.DirectMeasurement | StampTlvSet.TimestampInformation)]
    [InlineData("all", StampTlvSet.Optional)]
    [InlineData("access,all", StampTlvSet.Optional)]
    public async Task Tlvs_are_a_list(string list, StampTlvSet tlvs) => Assert.Equal(tlvs, (await Accepted($"h --tlvs {list}")).Tlvs);

    [Theory]
    [InlineData("h -s 124 --tlvs all", 124)]
    [InlineData("h -s 212 --tlvs all --key-file k", 212)]
    [InlineData("h --tlvs all", 0)]
    public async Task A_size_with_room_for_the_tlvs_is_taken(string words, int size) => Assert.Equal(size, (await Accepted(words)).Size);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("63", 63)]
    [InlineData("AF41", 34)]
    [InlineData("cs1", 8)]
    public async Task A_code_point_is_a_number_or_a_name(string text, int dscp) => Assert.Equal(dscp, (await Accepted($"h -Q {text}")).Dscp);

    [Theory]
    [InlineData("h -4", AddressFamily.InterNetwork)]
    [InlineData("h -6 --numeric", AddressFamily.InterNetworkV6)]
    [InlineData("192.0.2.7 -n4", AddressFamily.InterNetwork)]
    [InlineData("[::1]:8620 --ipv6", AddressFamily.InterNetworkV6)]
    [InlineData("h -n", null)]
    public async Task The_family_is_free_unless_said(string words, AddressFamily? family) => Assert.Equal(family, (await Accepted(words)).Family);

    private static async Task<ProbeArguments> Accepted(string words)
    {
        var line = await Line.Of($"probe {words}");
        Assert.Equal("", line.Error);
        Assert.Equal(Line.ProbeExitCode, line.ExitCode);
        return line.Probe!;
    }
}
