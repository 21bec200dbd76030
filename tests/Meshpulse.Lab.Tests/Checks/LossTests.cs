using System.Globalization;
using Meshpulse.Lab.Meshes;
using Meshpulse.Lab.Metrics;
using Meshpulse.Lab.Processes;
using Meshpulse.Lab.Reports;

namespace Meshpulse.Lab.Checks;

/// <summary>What loss sets off: analyses and the agent's datagrams; and that maintenance holds both.</summary>
public sealed class LossTests
{
    private const int Sum = 42;
    private const int Peak = 44;

    [Fact]
    public async Task Loss_starts_mtr_once_and_keeps_what_it_says()
    {
        _ = Tool.Require("mtr", "mtr-tiny");
        var places = Place.OnLoopback(2);
        using var file = new LandscapeFile("");
        var canary = file.Beside("canary");
        file.Write(Landscape(file, places, $$$"""
            [[analysis]]
            from = "here"
            to = "all"
            name = "mtr"
            min_loss = 5
            start_delay = "0s"
            command = "mtr -n -r -c 2 -i 0.2 {{server.to.ip}} && echo behind {{server.to.extra1}}"
            """, $"it's $(touch {canary})"));
        await using var here = await Checker.StartAsync(file, "here", places[0]);
        var dead = places[1].Identity.Address.ToString();
        await here.NoteAsync("preparing analysis mtr from: here to: dead");
        await here.NoteAsync("analysis mtr started - from here to dead.");
        await here.NoteAsync("analysis mtr - output: HOST: ");
        Assert.Equal($"analysis mtr - output: behind it's $(touch {canary})", await here.NoteAsync("analysis mtr - output: behind"));
        var wrote = await here.NoteAsync("analysis mtr - wrote report to ");
        await here.NoteAsync("analysis mtr finished");
        await here.NoteAsync("analysis mtr - skip already runned");

        var report = wrote["analysis mtr - wrote report to ".Length..];
        Assert.Matches($@"^{file.Beside("reports")}/mtr/dead/\d{{4}}(_\d\d){{5}}\.txt$", report);
        var lines = await File.ReadAllLinesAsync(report);
        Assert.Equal($"# analysis mtr from here ({places[0].Identity.Address}) to dead ({dead})", lines[0]);
        Assert.Matches(@"^# started \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ: \d+ of \d+ requests lost in 5\.0 s \(min_loss 5\)$", lines[1]);
        Assert.Contains(lines, line => line.Contains("Loss%", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains($"|-- {dead} ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("# ended ", StringComparison.Ordinal) && line.EndsWith(": exit code 0", StringComparison.Ordinal));
        Assert.False(File.Exists(canary), "a placeholder's value was run");

        // Once for the one pair, not for the healthy one nor for itself.
        var page = await here.MetricsAsync(p => p.Find("meshpulse_analyses_running") == 0, "still runs one");
        Assert.Equal([1, 0, 0], new[] { "started_total", "failed_total", "running" }.Select(what => page.Find($"meshpulse_analyses_{what}")));
        Assert.Equal(["dead"], Directory.EnumerateDirectories(file.Beside("reports/mtr")).Select(Path.GetFileName));
        await here.StopAsync();
    }

    [Fact]
    public async Task An_analysis_can_be_our_own_trace_without_any_other_tool()
    {
        var places = Place.OnLoopback(2);
        using var file = new LandscapeFile("");
        // Its own is an ephemeral one, that some socket of this machine may have.
        var port = Ports.Next();
        file.Write(Landscape(file, places, """
            [[analysis]]
            from = "here"
            to = "all"
            name = "path"
            min_loss = 5
            start_delay = "0s"
            command = "meshpulse trace -c 2 -i 100 -n --port PORT {{server.to.ip}}"
            """.Replace("PORT", $"{port}", StringComparison.Ordinal)));
        await using var here = await Checker.StartAsync(file, "here", places[0]);
        await here.NoteAsync($"analysis path - output: trace to {places[1].Identity.Address}, udp port {port}, 4 flows, 2 rounds");
        var report = (await here.NoteAsync("analysis path - wrote report to "))["analysis path - wrote report to ".Length..];
        var lines = await File.ReadAllLinesAsync(report);
        Assert.Contains(lines, line => line.StartsWith($"  1  {places[1].Identity.Address} ", StringComparison.Ordinal) && line.EndsWith("  target", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("# ended ", StringComparison.Ordinal) && line.EndsWith(": exit code 0", StringComparison.Ordinal));
        await here.StopAsync();
    }

    [Fact]
    public async Task Maintenance_holds_analyses_and_tells_the_agent_of_no_loss()
    {
        var places = Place.OnLoopback(2);
        using var agent = new AgentListener();
        using var file = new LandscapeFile("");
        file.Write($"agent_address = \"{agent.Address}\"\nserverdensity_udp_agent = true\n" + Landscape(file, places, """
            [[analysis]]
            from = "here"
            to = "all"
            name = "again"
            min_loss = 1
            start_delay = "0s"
            pause = 0
            command = "true"
            """));
        await using var here = await Checker.StartAsync(file, "here", places[0]);
        await here.MetricsAsync(page => Started(page) >= 2 && page.Find("meshpulse_maintenance") == 0, "starts no analyses");
        await AssertTellsLossAsync(here, agent);

        // By touch(1), as the document says.
        await File.WriteAllTextAsync(file.Beside("maintenance"), "");
        var count = here.Transcript.Windows.Count;
        await here.ReportAsync(window => window.Rows.All(row => row.IsMaintenance), "in maintenance", count);
        var notedAfter = here.Transcript.Windows.Skip(count).TakeWhile(window => !window.Rows[0].IsMaintenance).Count();
        Assert.True(notedAfter <= 2, $"it took {notedAfter} reports of a second");
        await here.NoteAsync("maintenance is on");
        var first = await here.MetricsAsync(page => page.Find("meshpulse_maintenance") == 1 && page.Find("meshpulse_analyses_running") == 0, "is not in maintenance");
        // What was told before may not have been read here yet.
        await Until.HoldsAsync(() => agent.Values.LastOrDefault(value => value.Name == "mehsh.recvloss.dead") is (Sum, 0, _), () => "the agent is told of losses");
        var told = agent.Values.Count;
        await Until.HoldsAsync(() => agent.Values.Count >= told + 18, () => "the agent is told nothing");
        Assert.All(agent.Values.Skip(told), value => Assert.Equal(0, value.Value));
        var later = await here.MetricsAsync(page => Lost(page) > Lost(first) + 80, "does not go on counting");
        Assert.Equal(Started(first), Started(later));
        Assert.All(here.Transcript.Windows[^1].Rows, row => Assert.True(row.IsMaintenance));
        Assert.Contains(here.Transcript.Windows[^1].Rows, row => row.Loss > 0);

        // Off by our own command, which takes the file away.
        var (exit, _, error) = await NodeProcess.RunAsync("maintenance", "off", "--file", file.Beside("maintenance"));
        Assert.Equal((0, ""), (exit, error));
        await here.NoteAsync("maintenance is off");
        await here.MetricsAsync(page => Started(page) > Started(later) && page.Find("meshpulse_maintenance") == 0, "starts no analyses again");
        await AssertTellsLossAsync(here, agent);
        await here.StopAsync();
    }

    /// <summary>Three values for each pair, and only for the dead one other than 0; never more than was lost.</summary>
    private static async Task AssertTellsLossAsync(Checker here, AgentListener agent)
    {
        var told = agent.Values.Count;
        await Until.HoldsAsync(() => agent.Values.Skip(told).Any(value => value is (Sum, > 0, "mehsh.recvloss.dead")), () => here.Printed);

        // A report's values may be on their way.
        var values = agent.Values.Chunk(6).Where(report => report.Length == 6).SelectMany(report => report).ToList();
        Assert.Equal(
            [(Peak, "mehsh.loss"), (Sum, "mehsh.sendloss.here"), (Sum, "mehsh.recvloss.here"), (Peak, "mehsh.loss"), (Sum, "mehsh.sendloss.here"), (Sum, "mehsh.recvloss.dead")],
            values.TakeLast(6).Select(value => (value.Type, value.Name)));
        Assert.All(values.Where(value => value.Name == "mehsh.recvloss.here"), value => Assert.Equal(0, value.Value));
        Assert.Equal(Total(values, "mehsh.sendloss.here"), Total(values, "mehsh.recvloss.dead"));
        Assert.InRange(Total(values, "mehsh.recvloss.dead"), 1, Lost(await here.ScrapeAsync()));
    }

    private static long Total(IEnumerable<(int Type, int Value, string Name)> values, string name) => values.Where(value => value.Name == name).Sum(value => (long)value.Value);

    private static double Started(MetricsPage page) => page.Find("meshpulse_analyses_started_total");

    private static double Lost(MetricsPage page) => page.Find("meshpulse_probes_lost_total", ("target", "dead"));

    private static string Landscape(LandscapeFile file, IReadOnlyList<Place> places, string analysis, string extra = "") => string.Create(CultureInfo.InvariantCulture, $"""
        port = {Ports.Next()}
        maintenance_file = "{file.Beside("maintenance")}"
        analysis_dir = "{file.Beside("reports")}"
        [[group]]
        name = "all"
        [[server]]
        name = "here"
        ip = "{places[0].Identity.Address}"
        groups = ["all"]
        [[server]]
        name = "dead"
        ip = "{places[1].Identity.Address}"
        groups = ["all"]
        extra1 = "{extra}"
        [[check]]
        from = "here"
        to = "all"
        check = "udp_ping"
        {analysis}

        """);
}
