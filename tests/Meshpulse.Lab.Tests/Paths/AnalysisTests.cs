using System.Net;
using Meshpulse.Lab.Checks;
using Meshpulse.Lab.Meshes;
using Meshpulse.Lab.Metrics;
using Meshpulse.Lab.Networks;
using Meshpulse.Lab.Processes;

namespace Meshpulse.Lab.Paths;

/// <summary>Verdicts start what the configuration says: the whole program at both ends of a path through routers.</summary>
public sealed class AnalysisTests
{
    private const int Dead = 3;

    [Fact]
    public async Task Both_ends_trace_when_flows_fail_and_the_one_whose_flows_they_are_along_those()
    {
        _ = Tool.Require("nft", "nftables");
        using var lab = await PathLab.CreateAsync();
        var (near, far) = (IPAddress.Parse(PathLab.Address(isV6: false, 1, 1)), IPAddress.Parse(PathLab.Address(isV6: false, 6, 2)));
        using var file = new LandscapeFile("");
        file.Write(Landscape(file, near, far));
        await using var a = await StartAsync(file, "a", lab.Host, near);
        await using var b = await StartAsync(file, "b", lab.Target, far, $"{near}");
        await ProbesAsync(a, far);
        await ProbesAsync(b, near);

        // The first of a's own flows, as the first router sees them.
        var flows = await FlowsAsync(a, far);
        var dead = flows.Take(Dead).ToList();
        await PathLab.RulesAsync(lab.First, $"chain forward {{ type filter hook forward priority 0; udp dport {Place.Port} udp sport {{ {string.Join(", ", dead)} }} drop; }}");

        var (own, others) = (await ReportAsync(a), await ReportAsync(b));
        Assert.Equal($"# analysis path from a ({near}) to b ({far})", own[0]);
        Assert.EndsWith($": verdict path.flow_loss, source ports {string.Join(',', dead)}", own[1], StringComparison.Ordinal);
        Assert.Contains(own, line => line.StartsWith($"trace to {far}, udp port {Place.Port}, {Dead} flows, 2 rounds", StringComparison.Ordinal));
        Assert.Equal($"# analysis path from b ({far}) to a ({near})", others[0]);
        Assert.EndsWith(": verdict path.flow_loss", others[1], StringComparison.Ordinal);
        Assert.Contains(others, line => line.StartsWith($"trace to {near}, udp port {Place.Port}, 4 flows, 2 rounds", StringComparison.Ordinal));

        // The first router answers for what it would send on; what it does not let pass nobody behind it answers.
        Assert.Contains(own, line => line.StartsWith($"  1  {PathLab.Address(isV6: false, 1, 2)} ", StringComparison.Ordinal));
        Assert.DoesNotContain(own, line => line.StartsWith("  2  1", StringComparison.Ordinal));
        Assert.Contains(others, line => line.StartsWith($"  4  {PathLab.Address(isV6: false, 1, 2)} ", StringComparison.Ordinal) || line.StartsWith("  3  1", StringComparison.Ordinal));
        foreach (var end in new[] { a, b })
        {
            Assert.Equal(1, (await end.ScrapeAsync()).Find("meshpulse_analyses_started_total"));
            await end.StopAsync();
        }
    }

    private static string Landscape(LandscapeFile file, IPAddress near, IPAddress far) => $$$"""
        maintenance_file = "{{{file.Beside("maintenance")}}}"
        analysis_dir = "{{{file.Beside("reports")}}}"
        [[group]]
        name = "all"
        [[server]]
        name = "a"
        ip = "{{{near}}}"
        groups = ["all"]
        [[server]]
        name = "b"
        ip = "{{{far}}}"
        groups = ["all"]
        [[check]]
        from = "all"
        to = "all"
        check = "udp_ping"
        interval = "500ms"
        [[analysis]]
        from = "all"
        to = "all"
        name = "path"
        on = ["path.flow_loss"]
        start_delay = "0s"
        command = "meshpulse trace -n -c 2 -i 200 --max-hops 6 --port {{{Place.Port}}} --source-ports \"$MESHPULSE_SOURCE_PORTS\" {{server.to.ip}}"
        """;

    private static async Task<Checker> StartAsync(LandscapeFile file, string name, NetworkNamespace network, IPAddress address, params string[] servers) =>
        await Checker.StartAsync(
            file, name, new Place(new IPEndPoint(address, Place.Port), new IPEndPoint(address, 12223), network), [.. servers, "--mesh", "--json", "--full-metrics"]);

    /// <summary>Heartbeats and probes go, and their slices tell so.</summary>
    private static async Task ProbesAsync(Checker checker, IPAddress other) => await checker.MetricsAsync(
        page => PathTally.Read(page, other.ToString(), "mesh").Answered >= 200 && page.Find("meshpulse_peers_answering") == 1, $"has not 200 answers of {other} and its slices");

    /// <summary>The source ports of the flows to a peer, in order.</summary>
    private static async Task<IReadOnlyList<int>> FlowsAsync(Checker checker, IPAddress other)
    {
        var page = await checker.MetricsAsync(p => Flows(p, other).Count >= 8, "tells of no flows");
        return Flows(page, other);
    }

    private static List<int> Flows(MetricsPage page, IPAddress other) => [.. page.All("meshpulse_path_flow_lost")
        .Where(s => s.Labels["target"] == other.ToString() && s.Labels["check"] == "mesh")
        .Select(s => int.Parse(s.Labels["source_port"], System.Globalization.CultureInfo.InvariantCulture))
        .Order()];

    private static async Task<string[]> ReportAsync(Checker checker)
    {
        const string Wrote = "analysis path - wrote report to ";
        return await File.ReadAllLinesAsync((await checker.NoteAsync(Wrote))[Wrote.Length..]);
    }
}
