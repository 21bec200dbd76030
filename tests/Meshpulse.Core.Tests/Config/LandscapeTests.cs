using Meshpulse.Core.Config;
using Meshpulse.Core.Diagnosis;
using Meshpulse.Wire.Primitives;
using static Meshpulse.Core.Tests.Config.ConfigSample;

namespace Meshpulse.Core.Tests.Config;

/// <summary>What sound files come to.</summary>
public sealed class LandscapeTests
{
    [Fact]
    public void The_local_example_is_read_whole()
    {
        var landscape = Sound(Local);
        Assert.Equal(["all"], landscape.Groups);
        Assert.Equal(["local", "fail"], landscape.Servers.Select(s => s.Name));
        var local = landscape.Servers[0];
        Assert.Equal(("127.0.0.1", 4232, "fra.dc11"), (local.Address.Host, local.Address.Port, local.Datacenter));
        Assert.Equal(("a value for placeholders", "another one", "a third one"), (local.Extra1, local.Extra2, local.Extra3));
        Assert.Equal(["all"], local.Groups);
        Assert.False(local.SendsToAgent);
        Assert.Equal(["udp_ping local -> local", "udp_ping local -> fail"], landscape.ProbesFrom("local").Select(p => p.ToString()));
        var probe = landscape.ProbesFrom("local")[1];
        Assert.Equal((Ms(25), Ms(1000), 18, 0, "127.0.222.1:4232"), (probe.Interval, probe.Timeout, probe.Payload, probe.Dscp, probe.Target.ToString()));
        Assert.Empty(landscape.ProbesFrom("fail"));
        var analysis = Assert.Single(landscape.AnalysesFrom("local"));
        Assert.Equal(("fail", "mtr", 20), (analysis.To.Name, analysis.Analysis.Name, analysis.Analysis.MinLoss));
        Assert.Equal((Ms(20_000), Ms(120_000), Ms(1_800_000)), (analysis.Analysis.StartDelay, analysis.Analysis.Pause, analysis.Analysis.TimeLimit));
        Assert.Equal("mtr -s 1000 -r -c 1000 {{server.to.ip}}", analysis.Analysis.Command);
    }

    [Fact]
    public void The_tiers_example_probes_from_tier_to_tier()
    {
        var landscape = Sound(Tiers);
        string[] From(string name) => [.. landscape.ProbesFrom(name).Select(p => p.To.Name)];
        Assert.Equal(["applicationserver1", "applicationserver2"], From("loadbalancer2"));
        Assert.Equal(["databaseserver1", "databaseserver2", "databaseserver3"], From("applicationserver1"));
        Assert.Equal(["databaseserver1", "databaseserver2", "databaseserver3"], From("databaseserver2"));
        Assert.Equal(["databaseserver1", "databaseserver2", "databaseserver3"], From("database_backup"));
        Assert.Equal("127.0.5.1", landscape.Members("database_backup").Single().Address.Host);
        Assert.Equal(IpFamily.V4, landscape.Servers[0].Address.Family);
        Assert.Empty(From("nobody"));
        Assert.Empty(landscape.AnalysesFrom("nobody"));
    }

    [Fact]
    public void What_the_file_leaves_out_has_its_default()
    {
        var settings = Sound(Local).Settings;
        Assert.Equal((Ms(1000), Ms(5000), 4232, null), (settings.ReportInterval, settings.Window, settings.Port, settings.Listen));
        Assert.Equal((12_222, null), (settings.StampPort, settings.StampKeyFile));
        Assert.Equal(("/tmp/mehsh_maintenance", "/tmp/mehsh", "127.0.0.1:1113"), (settings.MaintenanceFile, settings.AnalysisDirectory, settings.AgentAddress.ToString()));
        Assert.Equal(new LandscapeLimits { Servers = 10_000, Probes = 10_000, Analyses = 16, AnalysisOutput = 10_485_760 }, settings.Limits);
    }

    [Fact]
    public void Every_key_of_the_top_level_is_taken()
    {
        var settings = Sound($"""
            report_interval = "2s"
            window = 10_000
            listen = "[::]:4777"
            port = 4777
            stamp_port = 862
            stamp_key_file = "/etc/keys"
            maintenance_file = "/run/maintenance"
            analysis_dir = "/var/lib/reports"
            agent_address = "localhost"
            max_servers = 20
            max_probes = 30
            max_analyses = 4
            max_analysis_output = 5_000
            history = "/var/lib/meshpulse/"
            max_history = 512
            {Tiers}
            """).Settings;
        Assert.Equal(
            new LandscapeSettings
            {
                ReportInterval = Ms(2000),
                Window = Ms(10_000),
                Listen = NodeEndpoint.TryParse("[::]:4777", out var any) ? any : default,
                Port = 4777,
                StampPort = 862,
                StampKeyFile = "/etc/keys",
                MaintenanceFile = "/run/maintenance",
                AnalysisDirectory = "/var/lib/reports",
                History = "/var/lib/meshpulse/",
                HistorySize = 512L << 20,
                AgentAddress = ServerAddress.TryParse("localhost:1113", 1, out var agent, out _) ? agent : null!,
                Limits = new LandscapeLimits { Servers = 20, Probes = 30, Analyses = 4, AnalysisOutput = 5_000 },
            },
            settings);
    }

    [Fact]
    public void Every_key_of_a_check_and_an_analysis_is_taken()
    {
        var landscape = Sound($"""
            {Pair}
            [[check]]
            from = "a"
            to = "b"
            check = "icmp"
            interval = "0.5s"
            timeout = 2500
            payload = 1400
            dscp = "EF"
            [[check]]
            from = "a"
            to = "b"
            check = "tcp"
            port = 443
            interval = 50.5
            dscp = 10
            [[check]]
            from = "a"
            to = "b"
            check = "http"
            http_url = "https://example.com/"
            [[analysis]]
            from = "a"
            to = "b"
            name = "route"
            min_loss = 1
            command = "ip route"
            start_delay = 0
            pause = "1h"
            time_limit = "90s"
            [[analysis]]
            from = "a"
            to = "b"
            name = "trace"
            on = ["path.loss", "host.gone", "path.loss"]
            command = "true"
            """);
        var checks = landscape.Checks;
        Assert.Equal(new CheckDefinition { From = "a", To = "b", Kind = CheckKind.Icmp, Interval = Ms(500), Timeout = Ms(2500), Payload = 1400, Dscp = 46 }, checks[0]);
        Assert.Equal(new CheckDefinition { From = "a", To = "b", Kind = CheckKind.Tcp, Port = 443, Interval = new(50_500_000), Timeout = Ms(1000), Payload = 0, Dscp = 10 }, checks[1]);
        Assert.Equal(new CheckDefinition { From = "a", To = "b", Kind = CheckKind.Http, HttpUrl = "https://example.com/", Interval = Ms(1000), Timeout = Ms(5000), Payload = 0, Dscp = 0 }, checks[2]);
        Assert.Equal(new AnalysisDefinition { From = "a", To = "b", Name = "route", MinLoss = 1, Command = "ip route", StartDelay = Ms(0), Pause = Ms(3_600_000), TimeLimit = Ms(90_000) }, landscape.Analyses[0]);
        Assert.Equal((0, 2), (landscape.Analyses[1].MinLoss, landscape.Analyses[1].On.Count));
        Assert.Equal(VerdictKindSet.Of([VerdictKind.PathLoss, VerdictKind.HostGone]), landscape.Analyses[1].On);
        Assert.Equal("192.0.2.2:443", landscape.ProbesFrom("a")[1].Target.ToString());
    }

    [Fact]
    public void A_tcp_check_without_a_port_takes_that_of_each_target() =>
        Assert.Equal("192.0.2.9:80", Sound("[[server]]\nname='a'\nip='192.0.2.9:80'\n[[check]]\nfrom='a'\nto='a'\ncheck='tcp'\n").ProbesFrom("a")[0].Target.ToString());

    [Fact]
    public void An_identifier_is_a_name_and_sections_may_come_in_any_order()
    {
        var landscape = Sound("[[check]]\nfrom='g'\nto='x'\ncheck='udp_ping'\n[[server]]\nidentifier='x'\nip='v6:::1'\ngroups=['g']\n[[group]]\nname='g'\n");
        Assert.Equal(["udp_ping x -> x"], landscape.ProbesFrom("x").Select(p => p.ToString()));
        Assert.True(landscape.TryGetServer("x", out var server));
        Assert.Equal("::1", server.Address.Host);
        Assert.False(landscape.TryGetServer("g", out _));
    }

    [Fact]
    public void The_agent_is_a_matter_of_the_top_level_and_of_each_server()
    {
        var landscape = Sound("serverdensity_udp_agent=true\n[[server]]\nname='a'\nip='::1'\n[[server]]\nname='b'\nip='::2'\nserverdensity_udp_agent=false\n[[check]]\nfrom='a'\nto='b'\ncheck='icmp'\n");
        Assert.Equal([true, false], landscape.Servers.Select(s => s.SendsToAgent));
        Assert.True(Sound("[[server]]\nname='a'\nip='::1'\nserverdensity_udp_agent=true\n[[check]]\nfrom='a'\nto='a'\ncheck='icmp'\n").Servers[0].SendsToAgent);
    }

    [Fact]
    public void Each_pair_and_kind_is_probed_once_in_the_files_order_and_the_first_check_holds()
    {
        var landscape = Read($"""
            {Pair}
            [[check]]
            from = "a"
            to = "b"
            check = "udp_ping"
            interval = 100
            [[check]]
            from = "g"
            to = "g"
            check = "udp_ping"
            [[check]]
            from = "g"
            to = "b"
            check = "icmp"
            [[check]]
            from = "a"
            to = "b"
            check = "http"
            http_url = "http://192.0.2.2/one"
            [[check]]
            from = "a"
            to = "b"
            check = "http"
            http_url = "http://192.0.2.2/two"
            """).Value!;
        Assert.Equal(
            ["udp_ping a -> b 100", "udp_ping a -> a 25", "icmp a -> b 1000", "http a -> b 1000", "http a -> b 1000"],
            landscape.ProbesFrom("a").Select(p => $"{p} {p.Interval.Milliseconds}"));
        Assert.Equal(["udp_ping b -> a 25", "udp_ping b -> b 25", "icmp b -> b 1000"], landscape.ProbesFrom("b").Select(p => $"{p} {p.Interval.Milliseconds}"));
    }

    [Fact]
    public void Placeholders_of_a_url_are_filled_in_for_each_pair()
    {
        var landscape = Sound("[[group]]\nname='g'\n[[server]]\nname='a'\nip='[2001:db8::1]:9'\nextra1='x'\ngroups=['g']\n[[server]]\nname='b'\nip='web.example'\ngroups=['g']\n[[check]]\nfrom='a'\nto='g'\ncheck='http'\nhttp_url='http://{{server.to.ip}}:81/{{server.from.extra1}}'\n");
        Assert.Equal(["http://[2001:db8::1]:81/x", "http://web.example:81/x"], landscape.ProbesFrom("a").Select(p => p.Url));
    }

    [Theory]
    [InlineData("", "192.0.2.1:4232")]
    [InlineData("port = 99", "192.0.2.1:99")]
    [InlineData("listen = '0.0.0.0'", "0.0.0.0:4232")]
    [InlineData("listen = '::'\nport = 99", "[::]:99")]
    [InlineData("listen = '192.0.2.77:98'\nport = 99", "192.0.2.77:98")]
    public void The_reflector_listens_at_the_servers_address_unless_told_otherwise(string settings, string expected)
    {
        var landscape = Sound($"{settings}\n{Pair}[[check]]\nfrom='a'\nto='b'\ncheck='udp_ping'\n");
        Assert.Equal(expected, landscape.ReflectorOf(landscape.Servers[0]).ToString());
    }

    [Fact]
    public void Analyses_of_one_name_run_once_for_a_pair_and_those_of_different_names_each()
    {
        const string Checks = "[[check]]\nfrom='g'\nto='g'\ncheck='udp_ping'\n";
        static string Analysis(string to, string name, string command) => $"[[analysis]]\nfrom='a'\nto='{to}'\nname='{name}'\nmin_loss=1\ncommand='{command}'\n";
        var landscape = Read(Pair + Checks + Analysis("b", "one", "first") + Analysis("g", "one", "second") + Analysis("g", "two", "third")).Value!;
        Assert.Equal(["first a -> b", "third a -> b"], landscape.AnalysesFrom("a").Select(p => $"{p.Analysis.Command} {p.From} -> {p.To}"));
        Assert.Empty(landscape.AnalysesFrom("b"));
    }
}
