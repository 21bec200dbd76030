using static Meshpulse.Core.Tests.Config.ConfigSample;

namespace Meshpulse.Core.Tests.Config;

/// <summary>Every mistake with its place and its words.</summary>
public sealed class LandscapeErrorTests
{
    private const string Check = "[[check]]\nfrom = 'a'\nto = 'b'\ncheck = 'udp_ping'\n";

    [Theory]
    [InlineData("windw = 1", "1:1 unknown key 'windw' at the top level; did you mean 'window'?")]
    [InlineData("Window = 5000", "1:1 unknown key 'Window' at the top level; did you mean 'window'?")]
    [InlineData("ip = '::1'", "1:1 'ip' is no key of the top level: it belongs in [[server]]")]
    [InlineData("name = 'x'", "1:1 'name' is no key of the top level: it belongs in [[group]], in [[server]] or in [[analysis]]")]
    [InlineData("report_interval = nan", "1:19 report_interval must be a finite number of milliseconds, or a string with a unit, as in report_interval = \"1s\"")]
    [InlineData("window = inf", "1:10 window must be a finite number of milliseconds, or a string with a unit, as in window = \"5s\"")]
    [InlineData("window = true", "1:10 window must be a number of milliseconds or a string with a unit, as in window = \"5s\"; this is a boolean")]
    [InlineData("window = '5'", "1:10 window '5' has no unit, as in \"5ms\" or \"5s\"")]
    [InlineData("window = '5 parsecs'", "1:10 window '5 parsecs' has no known unit; there are ns, us, ms, s, m, h, d")]
    [InlineData("window = '-5s'", "1:10 window '-5s' is no duration; it is a number with a unit, as in 500us, 25ms, 5s, 2m, 1h")]
    [InlineData("window = '2h'", "1:10 window '2h' is out of range: 100ms to 1h")]
    [InlineData("window = 9223372036854775807", "1:10 window 9223372036854775807 (milliseconds) is out of range: 100ms to 1h")]
    [InlineData("window = -1e300", "1:10 window -1E+300 (milliseconds) is out of range: 100ms to 1h")]
    [InlineData("window = '500ms'", "1:10 the window (500ms) is shorter than the report_interval (1s): what comes between two windows would be in no report")]
    [InlineData("report_interval = '6s'", "1:19 the window (5s) is shorter than the report_interval (6s): what comes between two windows would be in no report")]
    [InlineData("port = 0", "1:8 port 0 is out of range: 1 to 65535")]
    [InlineData("port = 65536", "1:8 port 65536 is out of range: 1 to 65535")]
    [InlineData("port = '4232'", "1:8 port must be an integer, as in port = 4232; this is a string")]
    [InlineData("stamp_port = 0", "1:14 stamp_port 0 is out of range: 1 to 65535")]
    [InlineData("stamp_prt = 1", "1:1 unknown key 'stamp_prt' at the top level; did you mean 'stamp_port'?")]
    [InlineData("stamp_key_file = 'keys'", "1:18 stamp_key_file 'keys' is no absolute path; it begins with '/', as in stamp_key_file = \"/etc/meshpulse/keys\"")]
    [InlineData("key_file = '/keys'", "1:1 'key_file' is no key of the top level: it belongs in [[check]]")]
    [InlineData("listen = 'eth0.example'", "1:10 listen 'eth0.example' is a host name; give an address of this host, or 0.0.0.0 or [::] for all of them")]
    [InlineData("listen = '224.0.0.1'", "1:10 listen '224.0.0.1' names no single host")]
    [InlineData("agent_address = '127.0.0.1:x'", "1:17 agent_address '127.0.0.1:x' has the port 'x'; a port is a number from 1 to 65535")]
    [InlineData("history = 'here'", "1:11 history 'here' is no absolute path; it begins with '/', as in history = \"/var/lib/meshpulse/\"")]
    [InlineData("maintenance_file = ''", "1:20 maintenance_file is empty, as in maintenance_file = \"/tmp/mehsh_maintenance\"")]
    [InlineData("maintenance_file = 'tmp/x'", "1:20 maintenance_file 'tmp/x' is no absolute path; it begins with '/', as in maintenance_file = \"/tmp/mehsh_maintenance\"")]
    [InlineData("analysis_dir = \"/tmp/\\u0000\"", "1:16 analysis_dir holds the control character U+0000, as in analysis_dir = \"/tmp/mehsh\"")]
    [InlineData("serverdensity_udp_agent = 'yes'", "1:27 serverdensity_udp_agent must be true or false, as in serverdensity_udp_agent = true; this is a string")]
    [InlineData("max_servers = 0", "1:15 max_servers 0 is out of range: 1 to 65535")]
    [InlineData("max_probes = 100_001", "1:14 max_probes 100001 is out of range: 1 to 100000")]
    [InlineData("max_analyses = 1.5", "1:16 max_analyses must be an integer, as in max_analyses = 1000; this is a float")]
    [InlineData("max_analysis_output = 1_000", "1:23 max_analysis_output 1000 is out of range: 1024 to 1073741824")]
    public void At_the_top_level(string line, string error) => Assert.Equal([error], Errors($"{line}\n{Pair}{Check}"));

    // The server stands from line 11 on, behind the pair.
    [Theory]
    [InlineData("name = 'c'", "11:3 this [[server]] has no ip; it needs one, as in ip = \"192.0.2.7\"")]
    [InlineData("ip = '::1'", "11:3 this [[server]] has no name; it needs one, as in name = \"web1\"")]
    [InlineData("name = ''\nip = '::1'", "12:8 name is empty")]
    [InlineData("name = 5\nip = '::1'", "12:8 name must be a string, as in name = \"web1\"; this is an integer")]
    [InlineData("name = \"a\\nb\"\nip = '::1'", "12:8 name holds the control character U+000A; names are printed and stand in metrics")]
    [InlineData("name = ' c'\nip = '::1'", "12:8 name ' c' begins or ends with a blank")]
    [InlineData("name = 'c'\nidentifier = 'd'\nip = '::1'", "13:1 identifier is another word for name; give one of them")]
    [InlineData("name = 'a'\nip = '::1'", "12:8 the server 'a' is defined twice: it stands at line 4 already")]
    [InlineData("name = 'g'\nip = '::1'", "12:8 'g' is the name of a group (line 2) and of a server; from and to could mean either, so rename one")]
    [InlineData("name = 'c'\nip = '::1'\ngroups = 'g'", "14:10 groups must be an array of strings, as in groups = [\"web\", \"db\"]; this is a string")]
    [InlineData("name = 'c'\nip = '::1'\ngroups = ['g', 7]", "14:16 groups must be an array of strings, as in groups = [\"web\", \"db\"]; this is an integer")]
    [InlineData("name = 'c'\nip = '::1'\ngroups = ['G']", "14:11 groups: no group is named 'G'; did you mean 'g'?")]
    [InlineData("name = 'c'\nip = '::1'\ngroups = ['others']", "14:11 groups: no group is named 'others'; there are g")]
    [InlineData("name = 'c'\nip = '::1'\ngroups = ['a']", "14:11 groups: 'a' is a server (line 4); groups takes the names of [[group]] blocks")]
    [InlineData("name = 'c'\nip = '::1'\ngruops = []", "14:1 unknown key 'gruops' in [[server]]; did you mean 'groups'?")]
    [InlineData("name = 'c'\nip = '::1'\nweight = 3", "14:1 unknown key 'weight' in [[server]]; there are name, identifier, ip, datacenter, groups, extra1, extra2, extra3 and serverdensity_udp_agent")]
    [InlineData("name = 'c'\nip = '::1'\nwindow = '5s'", "14:1 'window' is no key of [[server]]: it belongs at the top of the file, above the first [header]")]
    [InlineData("name = 'c'\nip = '::1'\nextra1 = 3", "14:10 extra1 must be a string, as in extra1 = \"text\"; this is an integer")]
    [InlineData("name = 'c'\nip = '::1'\nextra2 = \"\\u0000\"", "14:10 extra2 holds a NUL, which no command can be given")]
    [InlineData("name = 'c'\nip = '::1'\ndatacenter = \"\\u001b[2J\"", "14:14 datacenter holds the control character U+001B; names are printed and stand in metrics")]
    [InlineData("name = 'c'\nip = '127.0.0.256'", "13:6 ip '127.0.0.256' is no IPv4 address; it has four numbers from 0 to 255, as in 192.0.2.7")]
    [InlineData("name = 'c'\nip = '0.0.0.0'", "13:6 ip '0.0.0.0' names no host")]
    [InlineData("name = 'c'\nip = 'v4:::1'", "13:6 ip 'v4:::1' is an IPv6 address behind v4:; write v6: or nothing")]
    public void In_a_server(string body, string error) => Assert.Equal([error], Errors($"{Pair}[[server]]\n{body}\n{Check}"));

    [Theory]
    [InlineData("", "11:3 this [[group]] has no name; it needs one, as in name = \"web1\"")]
    [InlineData("name = 'g'", "12:8 the group 'g' is defined twice: it stands at line 2 already")]
    [InlineData("name = 'b'", "12:8 'b' is the name of a server (line 8) and of a group; from and to could mean either, so rename one")]
    [InlineData("name = 'h'\nfrom = 'x'", "13:1 'from' is no key of [[group]]: it belongs in [[check]] or in [[analysis]]")]
    public void In_a_group(string body, string error) => Assert.Equal([error], Errors($"{Pair}[[group]]\n{body}\n{Check}"));

    [Theory]
    [InlineData("from = 'a'\nto = 'b'", "11:3 this [[check]] has no check; it needs one, as in check = \"udp_ping\"")]
    [InlineData("to = 'b'\ncheck = 'icmp'", "11:3 this [[check]] has no from; it needs one, as in from = \"web\"")]
    [InlineData("from = 'a'\ncheck = 'icmp'", "11:3 this [[check]] has no to; it needs one, as in to = \"web\"")]
    [InlineData("from = ['a']\nto = 'b'\ncheck = 'icmp'", "12:8 from must be a string, as in from = \"web\"; this is an array")]
    [InlineData("from = 'nobody'\nto = 'b'\ncheck = 'icmp'", "12:8 from: no server and no group is named 'nobody'; there are g, a and b")]
    [InlineData("from = 'a'\nto = 'B'\ncheck = 'icmp'", "13:6 to: no server and no group is named 'B'; did you mean 'b'?")]
    [InlineData("from = 'a'\nto = ''\ncheck = 'icmp'", "13:6 to: no server and no group is named ''; there are g, a and b")]
    [InlineData("from = 'a'\nto = 'b'\ncheck = 'udp-ping'", "14:9 unknown check 'udp-ping'; did you mean 'udp_ping'?")]
    [InlineData("from = 'a'\nto = 'b'\ncheck = 'smoke'", "14:9 unknown check 'smoke'; there are udp_ping, http, tcp, icmp and stamp")]
    [InlineData("from = 'a'\nto = 'b'\ncheck = 'http'", "11:3 this http check has no http_url; it needs one, as in http_url = \"https://{{server.to.ip}}/health\"")]
    [InlineData("from = 'a'\nto = 'b'\ncheck = 'http'\nhttp_url = 'example.com'", "15:12 http_url 'example.com' is no absolute URL, as in http://192.0.2.7:8080/health")]
    [InlineData("from = 'a'\nto = 'b'\ncheck = 'http'\nhttp_url = 'ftp://example.com'", "15:12 http_url 'ftp://example.com' begins with 'ftp'; it must begin with http or https, as in http://192.0.2.7:8080/health")]
    [InlineData("from = 'a'\nto = 'b'\ncheck = 'http'\nhttp_url = 'http://e.example/a b'", "15:12 http_url 'http://e.example/a b' holds a blank or a control character; in a URL it is escaped, a blank as %20")]
    [InlineData("from = 'a'\nto = 'b'\ncheck = 'http'\nhttp_url = 'http://me:pw@e.example/'", "15:12 http_url 'http://me:pw@e.example/' holds a user's name, which would show in reports; leave it out")]
    [InlineData("from = 'a'\nto = 'b'\ncheck = 'http'\nhttp_url = '{{server.to.ip}}/x'", "15:12 http_url becomes '192.0.2.2/x' from 'a' to 'b', which is no absolute URL, as in http://192.0.2.7:8080/health")]
    [InlineData("from = 'a'\nto = 'b'\ncheck = 'http'\nhttp_url = 'http://{{server.to.name}}/'", "15:12 unknown placeholder 'server.to.name' in http_url; there are server.from.ip, server.from.extra1, server.from.extra2, server.from.extra3, server.to.ip, server.to.extra1, server.to.extra2 and server.to.extra3")]
    [InlineData("from = 'a'\nto = 'b'\ncheck = 'tcp'", "11:3 this tcp check has no port, and the ip of 'b' has none either; add one here, as in port = 443")]
    [InlineData("from = 'a'\nto = 'b'\ncheck = 'tcp'\nport = 70000", "15:8 port 70000 is out of range: 1 to 65535")]
    [InlineData("from = 'a'\nto = 'b'\ncheck = 'udp_ping'\ninterval = 0", "15:12 interval 0 (milliseconds) is out of range: 100us to 1h")]
    [InlineData("from = 'a'\nto = 'b'\ncheck = 'http'\nhttp_url = 'http://e.example/'\ninterval = '99ms'", "16:12 interval '99ms' is out of range: 100ms to 1h")]
    [InlineData("from = 'a'\nto = 'b'\ncheck = 'udp_ping'\ntimeout = '61s'", "15:11 timeout '61s' is out of range: 1ms to 1m")]
    [InlineData("from = 'a'\nto = 'b'\ncheck = 'udp_ping'\ninterval = '100us'\ntimeout = '2s'", "16:11 a timeout of 2s at an interval of 100us leaves more than 10000 probes of each pair under way; make the timeout shorter or the interval longer")]
    [InlineData("from = 'a'\nto = 'b'\ncheck = 'udp_ping'\npayload = 17", "15:11 payload 17 is out of range: 18 to 8972")]
    [InlineData("from = 'a'\nto = 'b'\ncheck = 'icmp'\npayload = 8973", "15:11 payload 8973 is out of range: 16 to 8972")]
    [InlineData("from = 'a'\nto = 'b'\ncheck = 'icmp'\ndscp = 64", "15:8 dscp 64 is out of range: 0 to 63")]
    [InlineData("from = 'a'\nto = 'b'\ncheck = 'icmp'\ndscp = 'AF44'", "15:8 dscp 'AF44' is unknown; there are CS0 to CS7, AF11 to AF43, EF, VA and LE, or a number from 0 to 63")]
    [InlineData("from = 'a'\nto = 'b'\ncheck = 'icmp'\ndscp = 1.0", "15:8 dscp must be an integer or a string, as in dscp = 46; this is a float")]
    [InlineData("from = 'a'\nto = 'b'\ncheck = 'icmp'\nmin_loss = 3", "15:1 'min_loss' is no key of [[check]]: it belongs in [[analysis]]")]
    public void In_a_check(string body, string error) => Assert.Equal([error], Errors($"{Pair}[[check]]\n{body}\n"));

    // The keys of a stamp check stand from line 15 on.
    [Theory]
    [InlineData("port = 0", "15:8 port 0 is out of range: 1 to 65535")]
    [InlineData("interval = '99us'", "15:12 interval '99us' is out of range: 100us to 1h")]
    [InlineData("timeout = '5m'", "15:11 timeout '5m' is out of range: 1ms to 1m")]
    [InlineData("timeout = '2s'\ninterval = '100us'", "15:11 a timeout of 2s at an interval of 100us leaves more than 10000 probes of each pair under way; make the timeout shorter or the interval longer")]
    [InlineData("payload = 43", "15:11 payload 43 is out of range: 44 to 8972")]
    [InlineData("payload = 111\nkey_file = '/k'", "15:11 payload 111 is out of range: 112 to 8972")]
    [InlineData("payload = 43\nkey_file = '/k'\nauthenticated = false", "15:11 payload 43 is out of range: 44 to 8972")]
    [InlineData("flows = 0", "15:9 flows 0 is out of range: 1 to 64")]
    [InlineData("flows = 65", "15:9 flows 65 is out of range: 1 to 64")]
    [InlineData("flows = [40001]", "15:9 flows must be an integer, as in flows = 8; this is an array")]
    [InlineData("flow = 8", "15:1 unknown key 'flow' in [[check]]; did you mean 'flows'?")]
    [InlineData("dscp_sweep = 46", "15:14 dscp_sweep must be an array of integers or strings, as in dscp_sweep = [0, \"AF41\", \"EF\"]; this is an integer")]
    [InlineData("dscp_sweep = [0, true]", "15:18 dscp_sweep must be an array of integers or strings, as in dscp_sweep = [0, \"AF41\", \"EF\"]; this is a boolean")]
    [InlineData("dscp_sweep = [0, 64]", "15:18 dscp_sweep 64 is out of range: 0 to 63")]
    [InlineData("dscp_sweep = ['EF', 'EE']", "15:21 dscp_sweep 'EE' is unknown; there are CS0 to CS7, AF11 to AF43, EF, VA and LE, or a number from 0 to 63")]
    [InlineData("dscp_sweep = [0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]", "15:14 dscp_sweep has more than 16 code points")]
    [InlineData("mtu_probe = 575", "15:13 mtu_probe 575 is out of range: 576 to 9216")]
    [InlineData("mtu_probe = 9217", "15:13 mtu_probe 9217 is out of range: 576 to 9216")]
    [InlineData("mtu_probe = 'jumbo'", "15:13 mtu_probe must be true, false or an integer, as in mtu_probe = true; this is a string")]
    [InlineData("key_file = 'keys'", "15:12 key_file 'keys' is no absolute path; it begins with '/', as in key_file = \"/etc/meshpulse/keys\"")]
    [InlineData("key_file = 'keys'\nauthenticated = true\npayload = 44", "15:12 key_file 'keys' is no absolute path; it begins with '/', as in key_file = \"/etc/meshpulse/keys\"")]
    [InlineData("key_file = \"/k\\n\"", "15:12 key_file holds the control character U+000A, as in key_file = \"/etc/meshpulse/keys\"")]
    [InlineData("authenticated = true", "15:17 authenticated needs keys: a key_file here, as in key_file = \"/etc/meshpulse/keys\", or a stamp_key_file at the top level")]
    [InlineData("authenticated = 1", "15:17 authenticated must be true or false, as in authenticated = true; this is an integer")]
    public void In_a_stamp_check(string body, string error) => Assert.Equal([error], Errors($"{Pair}[[check]]\nfrom = 'a'\nto = 'b'\ncheck = 'stamp'\n{body}\n"));

    [Fact]
    public void A_bad_path_of_all_checks_keys_is_told_once() => Assert.Equal(
        ["1:18 stamp_key_file is empty, as in stamp_key_file = \"/etc/meshpulse/keys\""],
        Errors($"stamp_key_file = ''\n{Pair}[[check]]\nfrom = 'a'\nto = 'b'\ncheck = 'stamp'\nauthenticated = true\n"));

    [Theory]
    [InlineData("from = 'x9'\nto = 'b'\nname = 'n'\nmin_loss = 1\ncommand = 'c'", "12:8 from: no server and no group is named 'x9'; there are g, a and b")]
    [InlineData("from = 'a'\nto = 'b'\nmin_loss = 1\ncommand = 'c'", "11:3 this [[analysis]] has no name; it needs one, as in name = \"web1\"")]
    [InlineData("from = 'a'\nto = 'b'\nname = 'n'\ncommand = 'c'", "11:3 this [[analysis]] has no min_loss; it needs one, as in min_loss = 20")]
    [InlineData("from = 'a'\nto = 'b'\nname = 'n'\ncommand = 'c'\non = ['path.los']", "16:7 on: there is no verdict 'path.los'; did you mean 'path.loss'?")]
    [InlineData("from = 'a'\nto = 'b'\nname = 'n'\ncommand = 'c'\non = ['rain']", "16:7 on: there is no verdict 'rain'; docs/verdicts.md has them all")]
    [InlineData("from = 'a'\nto = 'b'\nname = 'n'\ncommand = 'c'\non = 'path.loss'", "16:6 on must be an array of strings, as in on = [\"path.loss\", \"path.flow_loss\"]; this is a string")]
    [InlineData("from = 'a'\nto = 'b'\nname = 'n'\nmin_loss = 1", "11:3 this [[analysis]] has no command; it needs one, as in command = \"mtr -r -c 100 {{server.to.ip}}\"")]
    [InlineData("from = 'a'\nto = 'b'\nname = '../etc'\nmin_loss = 1\ncommand = 'c'", "14:8 name '../etc' holds a '/'; an analysis writes its reports to a folder of its name")]
    [InlineData("from = 'a'\nto = 'b'\nname = '..'\nmin_loss = 1\ncommand = 'c'", "14:8 name '..' stands for a folder; an analysis writes its reports to a folder of its name")]
    [InlineData("from = 'a'\nto = 'b'\nname = 'n'\nmin_loss = 0\ncommand = 'c'", "15:12 min_loss 0 is out of range: 1 to 2147483647")]
    [InlineData("from = 'a'\nto = 'b'\nname = 'n'\nmin_loss = 2.5\ncommand = 'c'", "15:12 min_loss must be an integer, as in min_loss = 20; this is a float")]
    [InlineData("from = 'a'\nto = 'b'\nname = 'n'\nmin_loss = 1\ncommand = ' '", "16:11 command is empty; it needs a command, as in command = \"mtr -r -c 100 {{server.to.ip}}\"")]
    [InlineData("from = 'a'\nto = 'b'\nname = 'n'\nmin_loss = 1\ncommand = \"a\\u0000\"", "16:11 command holds a NUL, which no command can be given")]
    [InlineData("from = 'a'\nto = 'b'\nname = 'n'\nmin_loss = 1\ncommand = 'mtr {{server.to.pi}} {{.ID}}'", "16:11 unknown placeholder 'server.to.pi' in command; did you mean 'server.to.ip'?")]
    [InlineData("from = 'a'\nto = 'b'\nname = 'n'\nmin_loss = 1\ncommand = 'c'\npause = '8d'", "17:9 pause '8d' is out of range: 0s to 7d")]
    [InlineData("from = 'a'\nto = 'b'\nname = 'n'\nmin_loss = 1\ncommand = 'c'\ntime_limit = 0", "17:14 time_limit 0 (milliseconds) is out of range: 1s to 1d")]
    [InlineData("from = 'a'\nto = 'b'\nname = 'n'\nmin_loss = 1\ncommand = 'c'\nstart_delay = '2h'", "17:15 start_delay '2h' is out of range: 0s to 1h")]
    public void In_an_analysis(string body, string error) => Assert.Equal([error], Errors($"{Pair}[[analysis]]\n{body}\n{Check}"));

    [Theory]
    [InlineData("", "1:1 the file has no [[server]]; it needs one for each server, with its name and ip")]
    [InlineData("[server]\nname = 'a'", "1:2 [server] stands in double brackets, [[server]]: there may be several")]
    [InlineData("server = 'a'", "1:1 server is a block with the header [[server]], not a string")]
    [InlineData("server = [1]", "1:11 server is a block with the header [[server]], not an integer")]
    [InlineData("a = [", "1:6 a ',' or the array's ']' is missing; here is the end of the file (it was opened at line 1, column 5)")]
    [InlineData("[[servers]]\nname = 'a'\nip = '::1'\n[[server]]\nname = 'a'\nip = '::1'\n[[check]]\nfrom='a'\nto='a'\ncheck='icmp'", "1:3 unknown key 'servers' at the top level; did you mean 'server'?")]
    public void In_the_form_of_the_file(string text, string error) => Assert.Equal([error], Errors(text));

    [Fact]
    public void A_name_is_at_most_255_bytes_long()
    {
        Assert.Equal(["11:3 this [[server]] has no ip; it needs one, as in ip = \"192.0.2.7\""], Errors($"{Pair}[[server]]\nname = '{new string('x', 255)}'\n{Check}"));
        Assert.Equal(["12:8 name is longer than 255 bytes"], Errors($"{Pair}[[server]]\nname = '{new string('é', 128)}'\nip = '::1'\n{Check}"));
    }

    [Fact]
    public void A_name_with_a_slash_is_refused_only_where_it_would_be_a_file_name()
    {
        const string Servers = "[[server]]\nname = 'fra/a'\nip = '192.0.2.1'\n[[server]]\nname = 'fra/b'\nip = '192.0.2.2'\n[[check]]\nfrom = 'fra/a'\nto = 'fra/b'\ncheck = 'icmp'\n";
        Assert.Equal(["icmp fra/a -> fra/b"], Sound(Servers).ProbesFrom("fra/a").Select(p => p.ToString()));
        Assert.Equal(
            ["5:8 name 'fra/b' holds a '/'; the reports of the analysis at line 11 go to a folder of this name"],
            Errors($"{Servers}[[analysis]]\nfrom = 'fra/a'\nto = 'fra/b'\nname = 'n'\nmin_loss = 1\ncommand = 'c'\n"));
    }

    [Fact]
    public void A_url_that_one_servers_value_spoils_names_that_server()
    {
        const string Url = "[[check]]\nfrom = 'a'\nto = 'g'\ncheck = 'http'\nhttp_url = 'http://{{server.to.ip}}/{{server.to.extra1}}'\n";
        var text = Pair.Replace("name = 'a'", "name = 'a'\nextra1 = 'fine'", StringComparison.Ordinal).Replace("name = 'b'", "name = 'b'\nextra1 = 'not fine'", StringComparison.Ordinal);
        Assert.Equal(
            ["17:12 http_url becomes 'http://192.0.2.2/not fine' from 'a' to 'b', which holds a blank or a control character; in a URL it is escaped, a blank as %20"],
            Errors(text + Url));
    }

    [Fact]
    public void A_server_that_is_not_in_the_file_is_told_the_names_that_are()
    {
        Assert.NotNull(Read(Local, "fail").Value);
        Assert.Equal(["5:3 no server is named 'lokal' (--name, or else this host's name); there are local and fail; did you mean 'local'?"], Errors(Local, "lokal"));
        Assert.Equal(["5:3 no server is named 'all' (--name, or else this host's name); there are local and fail; it is the name of a group"], Errors(Local, "all"));
    }

    [Fact]
    public void All_mistakes_are_found_at_once_and_in_the_order_of_their_places()
    {
        var errors = Errors("prt = 1\n[[server]]\nname = 'a'\nip = '1.2.3'\n[[check]]\nfrom = 'b'\nto = 'a'\ncheck = 'x'\n[[analysis]]\nfrom = 'a'\nto = 'c'\n", "d");
        Assert.Equal(["1:1", "2:3", "4:6", "6:8", "8:9", "9:3", "9:3", "9:3", "11:6"], errors.Select(e => e.Split(' ')[0]));
    }

    [Fact]
    public void A_message_begins_with_file_line_and_column() =>
        Assert.Equal("mesh.toml:1:8: port 0 is out of range: 1 to 65535", Read($"port = 0\n{Local}").Errors[0].ToString());
}
