using static Meshpulse.Core.Tests.Config.ConfigSample;

namespace Meshpulse.Core.Tests.Config;

/// <summary>What can be worked with, but was hardly meant.</summary>
public sealed class LandscapeWarningTests
{
    private const string Check = "[[check]]\nfrom = 'a'\nto = 'b'\ncheck = 'udp_ping'\n";
    private const string Stamp = "[[check]]\nfrom = 'a'\nto = 'b'\ncheck = 'stamp'\n";
    private const string Analysis = "[[analysis]]\nfrom = 'a'\nto = 'b'\nname = 'n'\nmin_loss = 1\ncommand = 'c'\n";

    // Of c and d, which are the group e, only d has what a placeholder wants.
    private const string Own = "[[group]]\nname = 'e'\n[[server]]\nname = 'c'\nip = '::1'\ngroups = ['e']\n"
        + "[[server]]\nname = 'd'\nip = '::2'\ngroups = ['e']\nextra2 = 'x'\n[[check]]\nfrom = 'e'\nto = 'e'\ncheck = 'icmp'\n";

    [Theory]
    [InlineData(Check + Check, "15:3 this check is defined twice: it stands at line 11 already, and that one holds")]
    [InlineData(Check + "[[check]]\nfrom = 'g'\nto = 'g'\ncheck = 'udp_ping'\ninterval = 30\n", "15:3 some pairs of this check are probed by the check at line 11 already, with other settings; for those pairs that one holds")]
    [InlineData(Check + "[[check]]\nfrom = 'g'\nto = 'g'\ncheck = 'udp_ping'\n", null)]
    [InlineData(Check + "[[check]]\nfrom = 'b'\nto = 'a'\ncheck = 'udp_ping'\ninterval = 30\n", null)]
    [InlineData(Check + "[[check]]\nfrom = 'a'\nto = 'b'\ncheck = 'icmp'\n", null)]
    [InlineData(Check + "http_url = 'http://x.example/'\n", "15:1 http_url does nothing in a check of the kind udp_ping")]
    [InlineData(Check + "port = 4\n", "15:1 port does nothing in a check of the kind udp_ping; the port of a reflector stands in the server's ip, or at the top level")]
    [InlineData("[[check]]\nfrom = 'a'\nto = 'b'\ncheck = 'tcp'\nport = 1\npayload = 4\n", "16:1 payload does nothing in a check of the kind tcp")]
    [InlineData(Check + "flows = 4\n", "15:1 flows does nothing in a check of the kind udp_ping")]
    [InlineData(Check + "dscp_sweep = 4\n", "15:1 dscp_sweep does nothing in a check of the kind udp_ping")]
    [InlineData(Check + "mtu_probe = true\n", "15:1 mtu_probe does nothing in a check of the kind udp_ping")]
    [InlineData(Check + "key_file = '/k'\n", "15:1 key_file does nothing in a check of the kind udp_ping")]
    [InlineData(Check + "authenticated = true\n", "15:1 authenticated does nothing in a check of the kind udp_ping")]
    [InlineData(Stamp + "http_url = 'x'\n", "15:1 http_url does nothing in a check of the kind stamp")]
    [InlineData(Stamp + "key_file = '/k'\nauthenticated = false\n", "15:1 key_file does nothing in a check that is not authenticated")]
    [InlineData(Stamp + "dscp_sweep = [0, 'EF', 46]\n", "15:24 dscp_sweep: 46 is listed twice")]
    [InlineData(Stamp + Stamp + "port = 12222\n", "15:3 this check is defined twice: it stands at line 11 already, and that one holds")]
    [InlineData(Stamp + Stamp + "port = 862\nflows = 1\n", null)]
    [InlineData(Stamp + Stamp + "dscp_sweep = [0]\n", "15:3 this check is defined twice: it stands at line 11 already, and that one holds")]
    [InlineData(Stamp + "dscp_sweep = [0, 8]\n[[check]]\nfrom = 'g'\nto = 'g'\ncheck = 'stamp'\ndscp_sweep = ['CS0', 'CS1']\n", null)]
    [InlineData(Stamp + "dscp_sweep = [0, 8]\n[[check]]\nfrom = 'g'\nto = 'g'\ncheck = 'stamp'\ndscp_sweep = [8, 0]\n", "16:3 some pairs of this check are probed by the check at line 11 already, with other settings; for those pairs that one holds")]
    [InlineData(Check + "[[server]]\nname = 'c'\nip = '192.0.2.3:12222'\n", "17:6 the reflector of 'c' has the port 12222, where STAMP is answered too (stamp_port at the top level); only one of them can have it")]
    [InlineData(Check + "[[group]]\nname = 'e'\n[[check]]\nfrom = 'e'\nto = 'b'\ncheck = 'icmp'\n", "18:8 the group 'e' has no servers, so this check probes nothing")]
    [InlineData(Check + "[[group]]\nname = 'e'\n[[check]]\nfrom = 'b'\nto = 'e'\ncheck = 'icmp'\n", "19:6 the group 'e' has no servers, so this check probes nothing")]
    [InlineData(Check + Analysis, null)]
    [InlineData(Check + Analysis + Analysis, "21:3 the analysis 'n' is defined twice for the same servers: it stands at line 15 already, and for those servers that one holds")]
    [InlineData(Check + "[[analysis]]\nfrom = 'a'\nto = 'a'\nname = 'n'\nmin_loss = 1\ncommand = 'c'\n", "15:3 this analysis never runs: from and to are the same server, and a server is never analysed against itself")]
    [InlineData(Check + "[[analysis]]\nfrom = 'b'\nto = 'a'\nname = 'n'\nmin_loss = 1\ncommand = 'c'\n", "15:3 this analysis never runs: no check probes any of its pairs, and it starts on loss only")]
    [InlineData(Check + "[[group]]\nname = 'e'\n[[analysis]]\nfrom = 'a'\nto = 'e'\nname = 'n'\nmin_loss = 1\ncommand = 'c'\n", "19:6 the group 'e' has no servers, so this analysis never runs")]
    [InlineData(Check + "[[analysis]]\nfrom = 'a'\nto = 'b'\nname = 'n'\nmin_loss = 1\ncommand = 'c {{server.to.extra2}}'\n", "20:11 {{server.to.extra2}} is empty for the server 'b', which has no extra2")]
    [InlineData(Own + "[[analysis]]\nfrom = 'c'\nto = 'e'\nname = 'n'\nmin_loss = 1\ncommand = 'c {{server.to.extra2}}'\n", null)]
    [InlineData(Own + "[[analysis]]\nfrom = 'e'\nto = 'e'\nname = 'n'\nmin_loss = 1\ncommand = 'c {{server.to.extra2}}'\n", "31:11 {{server.to.extra2}} is empty for the server 'c', which has no extra2")]
    [InlineData("", "1:1 the file has no [[check]], so nothing is probed")]
    [InlineData(Check + "[[server]]\nname = 'c'\nip = '192.0.2.2'\n", "17:6 ip 192.0.2.2:4232 is that of the server 'b' too (line 9)")]
    [InlineData(Check + "[[server]]\nname = 'c'\nip = '192.0.2.2:99'\n", null)]
    [InlineData(Check + "[[server]]\nname = 'c'\nip = '::1'\ngroups = ['g', 'g']\n", "18:16 groups: 'g' is listed twice")]
    [InlineData(Check + "[[server]]\nname = 'c'\nip = '::1'\ndatacenter = ''\n", "18:14 datacenter is empty; the server counts for no-datacenter, as without the key")]
    [InlineData(Check + "[[server]]\nname = 'c'\nip = '::1'\ndatacenter = 'fra..x'\n", "18:14 datacenter 'fra..x' has an empty part between its dots; that is no level of its own")]
    public void Doubts_have_a_place_and_do_not_hold_up(string behindPair, string? warning) =>
        Assert.Equal(warning is null ? [] : [warning], Warnings(Pair + behindPair));

    [Theory]
    [InlineData("stamp_port = 4232", "1:14 the reflector of 'a' has the port 4232, where STAMP is answered too (stamp_port at the top level); only one of them can have it")]
    [InlineData("stamp_port = 99\nlisten = '0.0.0.0:99'", "1:14 the reflector of 'a' has the port 99, where STAMP is answered too (stamp_port at the top level); only one of them can have it")]
    [InlineData("stamp_port = 4232\nport = 99", null)]
    [InlineData("stamp_port = 4232\nlisten = '0.0.0.0:99'", null)]
    public void Two_reflectors_can_not_have_one_port(string top, string? warning) =>
        Assert.Equal(warning is null ? [] : [warning], Warnings($"{top}\n{Pair}{Check}"));
}
