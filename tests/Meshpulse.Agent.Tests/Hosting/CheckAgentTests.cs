using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Checks;
using Meshpulse.Core.Config;

namespace Meshpulse.Agent.Tests.Hosting;

/// <summary>Whole agents with checks, on loopback addresses of their own.</summary>
public sealed class CheckAgentTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Who_answers_is_answered_and_who_does_not_is_lost()
    {
        using var file = new TestLandscape("""
            port = 14234
            [[group]]
            name = "all"
            [[server]]
            name = "local"
            ip = "127.0.62.1"
            datacenter = "fra.dc11"
            groups = ["all"]
            [[server]]
            name = "fail"
            ip = "127.0.62.2"
            datacenter = "fra.dc12"
            groups = ["all"]
            [[check]]
            from = "local"
            to = "all"
            check = "udp_ping"
            [[check]]
            from = "local"
            to = "all"
            check = "icmp"
            interval = "20ms"
            [[check]]
            from = "local"
            to = "all"
            check = "tcp"
            port = 14236
            interval = "50ms"
            """);
        var seen = new RecordingCheckListener();
        await using var agent = await StartAsync(file, "local", seen);
        var report = await Eventually(seen, r => Pair(r, CheckKind.UdpPing, "fail").Window.Lost > 100 && Pair(r, CheckKind.Icmp, "local").Window.Answered > 50);

        var (local, fail) = (Pair(report, CheckKind.UdpPing, "local"), Pair(report, CheckKind.UdpPing, "fail"));
        Assert.Equal(("127.0.62.1", 0L), (local.Address, local.Window.Lost));
        Assert.NotNull(local.Window.Min);
        Assert.Equal((0L, null, null), (fail.Window.Answered, fail.Window.Min, fail.Window.Max));
        Assert.True(fail.Totals.IcmpErrors > 0);
        // The hosts are there, their ports are not.
        Assert.Equal(0, Pair(report, CheckKind.Icmp, "fail").Window.Lost);
        Assert.Equal(0, Pair(report, CheckKind.Tcp, "fail").Window.Answered);
        Assert.True(Pair(report, CheckKind.Tcp, "fail").Window.Lost > 0);

        var datacenters = report.Datacenters.Where(d => d.Kind == CheckKind.UdpPing).ToList();
        Assert.Equal(["fra", "fra.dc11", "fra.dc12"], datacenters.Select(d => d.To));
        Assert.Equal(local.Window.Decided + fail.Window.Decided, datacenters[0].Window.Decided);
        Assert.Equal(local.Window.Max, datacenters[0].Window.Max);
        Assert.Contains(seen.Notes, n => n.Text.Contains("nobody listens on UDP port 14234", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_content_of_the_file_leaves_the_counts_of_those_that_stay()
    {
        const string Head = """
            port = 14235
            [[group]]
            name = "all"
            [[server]]
            name = "a"
            ip = "127.0.63.1"
            groups = ["all"]
            [[server]]
            name = "b"
            ip = "127.0.63.2"
            groups = ["all"]
            [[check]]
            from = "a"
            to = "all"
            check = "udp_ping"
            interval = "5ms"
            timeout = "20s"

            """;
        using var file = new TestLandscape(Head);
        var seen = new RecordingCheckListener();
        await using var agent = await StartAsync(file, "a", seen);
        var before = await Eventually(seen, r => Pair(r, CheckKind.UdpPing, "a").Totals.Answered > 300);

        file.Write(Head + """
            [[server]]
            name = "c"
            ip = "127.0.63.3"
            groups = ["all"]
            """);
        var with = await Eventually(seen, r => r.Pairs.Count == 3 && Pair(r, CheckKind.UdpPing, "c").Totals.IcmpErrors > 0);
        Assert.True(Pair(with, CheckKind.UdpPing, "a").Totals.Sent > Pair(before, CheckKind.UdpPing, "a").Totals.Sent);

        file.Write("[[server]\n");
        Assert.True(SpinWait.SpinUntil(() => seen.Notes.Any(n => n.Text.Contains("is refused", StringComparison.Ordinal)), s_patience));
        Assert.False(agent.Checks!.Watch!.LastReloadSuccessful);
        Assert.Contains(seen.Notes, n => n.Text.Contains("mesh.toml:1:", StringComparison.Ordinal));

        file.Write(Head.Replace("5ms", "6ms", StringComparison.Ordinal));
        await agent.ReloadAsync("SIGHUP");
        var after = await Eventually(seen, r => r.Pairs.Count == 2 && Pair(r, CheckKind.UdpPing, "a").Totals.Answered > Pair(with, CheckKind.UdpPing, "a").Totals.Answered);
        Assert.True(agent.Checks!.Watch!.LastReloadSuccessful);
        Assert.All(seen.Reports, r => Assert.Equal(0, Pair(r, CheckKind.UdpPing, "a").Window.Lost));
        Assert.Equal(0, Pair(after, CheckKind.UdpPing, "a").Totals.Lost);
        Assert.Contains(seen.Notes, n => n.Text.Contains("(SIGHUP): 0 probes go on, 2 changed, 0 added, 1 removed", StringComparison.Ordinal));
    }

    private static Task<ProbeAgent> StartAsync(TestLandscape file, string name, RecordingCheckListener seen) =>
        ProbeAgent.StartAsync(new AgentOptions { Checks = file.Setup(name, seen), Version = "0.0.0-test" }, CancellationToken.None);

    private static ProbeReport Pair(CheckReport report, CheckKind kind, string to) =>
        report.Pairs.Single(p => p.Probe.Kind == kind && p.Probe.To.Name == to);

    private static async Task<CheckReport> Eventually(RecordingCheckListener seen, Predicate<CheckReport> wanted)
    {
        CheckReport? found = null;
        var deadline = Environment.TickCount64 + (long)s_patience.TotalMilliseconds;
        while (found is null && Environment.TickCount64 < deadline)
        {
            found = seen.Reports.LastOrDefault(r => wanted(r));
            await Task.Delay(20);
        }

        Assert.True(found is not null, $"no such report; the last: {seen.Reports.LastOrDefault()} {string.Join('\n', seen.Reports.LastOrDefault()?.Pairs.Select(p => p.ToString()) ?? [])} {string.Join('\n', seen.Notes)}");
        return found;
    }
}
