using Meshpulse.Lab.Meshes;
using Meshpulse.Lab.Metrics;
using Meshpulse.Lab.Processes;

namespace Meshpulse.Lab.Loopback;

/// <summary>The metrics page of a node that really measures.</summary>
public sealed class LiveMetricsTests
{
    [Fact]
    public async Task Promtool_has_nothing_to_say_and_a_departed_peer_vanishes()
    {
        var promtool = Tool.Require("promtool", "prometheus");
        await using var mesh = new Mesh(Place.OnLoopback(3), "-i", "1", "--retention", "2");
        await mesh.FormAsync();
        await mesh[0].ReportAsync(1, report => report.Rows.Count == 2, "of both peers");
        await AssertIsCleanAsync(promtool, mesh[0]);

        var gone = mesh[2];
        gone.Process.Send(Signal.Kill);
        await mesh[0].MetricsAsync(page => page.Value("meshpulse_connected", "target", gone.Address) == 0, "does not notice that a peer left");
        await AssertIsCleanAsync(promtool, mesh[0]);
        await mesh[0].MetricsAsync(page => !Series(page).Any(l => l.Contains($"\"{gone.Address}\"", StringComparison.Ordinal)), "keeps the series of a peer that left");
        Assert.Equal(1, (await mesh[0].ScrapeAsync()).Value("meshpulse_peers"));
        await AssertIsCleanAsync(promtool, mesh[0]);
    }

    /// <summary>All but those of verdicts: that it is gone is one for as long as it is.</summary>
    private static IEnumerable<string> Series(MetricsPage page) =>
        page.Text.Split('\n').Where(line => !line.StartsWith("meshpulse_verdict_active{", StringComparison.Ordinal));

    private static async Task AssertIsCleanAsync(string promtool, MeshMember member)
    {
        var page = await member.ScrapeAsync();
        var (exit, output) = await Tool.RunAsync([promtool, "check", "metrics"], page.Text);
        Assert.Equal("", output);
        Assert.Equal(0, exit);
    }
}
