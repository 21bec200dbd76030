using Meshpulse.Lab.Reports;
using Meshpulse.Lab.Switching;

namespace Meshpulse.Lab.Paths;

/// <summary>A check by STAMP tells losses in the direction and of the flow in which they were, to the packet, while it goes on.</summary>
public sealed class LossTests
{
    private const int Faulty = 800;
    private const ulong Seed = 4_101;
    private const string Fast = "interval = 5";

    [Theory]
    [InlineData]
    [InlineData("--portable")]
    public async Task All_is_answered_where_nothing_is_lost(params string[] options)
    {
        await using var pair = await PathPair.StartAsync(Fast, options: options);
        await pair.Asking.ReportAsync(w => w.Of("a", "b", "stamp") is { Requests: >= 700, Loss: 0 }, "with a full window");
        var tally = await pair.SettleAsync();
        Assert.Equal((0d, 0d, 0d), tally.Losses);
        Assert.True(tally.Late == 0 && tally.Duplicates == 0, pair.Explain(tally));
        foreach (var window in pair.Asking.Transcript.Windows)
        {
            Assert.Equal(("port: 12222", new CheckDirections(0, 0, 0)), (window.Of("a", "b", "stamp")!.Tail, window.Of("a", "b", "stamp")!.Directions));
            window.AssertSums(new Dictionary<string, string>());
        }

        // What the kernel refuses is unsent, and said to be.
        await pair.TallyAsync(t => t.Unsent > 100, "does not count what can't be sent");
        var note = await pair.Asking.NoteAsync("this host can't send");
        Assert.EndsWith("; probes count as unsent, not as lost", note, StringComparison.Ordinal);
        await pair.Asking.StopAsync();
    }

    [Theory]
    [InlineData(0.01, 0)]
    [InlineData(0, 0.01)]
    [InlineData(0.1, 0)]
    [InlineData(0, 0.1)]
    [InlineData(0.1, 0.05)]
    [InlineData(0.1, 0.05, "--portable")]
    public async Task Losses_have_their_direction(double there, double back, params string[] options)
    {
        await using var pair = await PathPair.StartAsync(Fast, options: options);
        pair.There.Set(Losing(there, Seed));
        pair.Back.Set(Losing(back, Seed + 1));
        await pair.PassesAsync(Faulty + 200);
        var tally = await pair.SettleAsync();
        Assert.True(tally.Losses == (pair.There.Count(PathPair.Port).Dropped, pair.Back.Count(PathPair.Port).Dropped, 0), pair.Explain(tally));
        Assert.Equal((there > 0, back > 0), (tally.Forward > 0, tally.Backward > 0));

        await pair.Asking.ReportAsync(w => there == 0 || w.Of("a", "b", "stamp")!.Directions!.Forward > 0, "with forward losses");
        await pair.Asking.ReportAsync(w => back == 0 || w.Of("a", "b", "stamp")!.Directions!.Backward > 0, "with backward losses");
        var lines = pair.Asking.Transcript.Windows.ConvertAll(window => window.Of("a", "b", "stamp")!.Directions!);
        // One whose neighbour still waits is unknown for a moment.
        Assert.All(lines, line => Assert.True((there > 0 || line.Forward == 0) && (back > 0 || line.Backward == 0), $"{line}"));
        await pair.Asking.StopAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_flow_that_loses_everything_is_told_by_its_port(bool there)
    {
        await using var pair = await PathPair.StartAsync(Fast);
        var victim = new NthFlow(PathPair.Port, 3);
        (there ? pair.There : pair.Back).Set(new Fault { Of = victim.Is, Drop = Pick.All });
        await pair.Asking.ReportAsync(w => w.Of("a", "b", "stamp")?.Directions is { Dead: 1, Flows: 8 }, "with a dead flow");
        var note = await pair.Asking.NoteAsync("flows lose everything");
        Assert.Equal($"stamp a -> b: 1 of 8 flows lose everything: source port {victim.Port}", note);
        var page = await pair.Asking.MetricsAsync(p => p.Find("meshpulse_path_flows_dead", ("target", "b")) == 1, "counts no dead flow");
        Assert.Equal(8, page.Find("meshpulse_path_flows", ("target", "b")));

        var tally = await pair.SettleAsync();
        var flow = there ? pair.There.Flows[(victim.Port, PathPair.Port)] : pair.Back.Flows[(PathPair.Port, victim.Port)];
        Assert.True(tally.Lost == flow.Dropped, pair.Explain(tally));
        page = await pair.Asking.MetricsAsync(p => p.Find("meshpulse_path_flow_lost", ("target", "b")) == flow.Dropped, "tells not all of the flow's losses");
        Assert.Equal([$"{victim.Port}"], page.Labels("meshpulse_path_flow_lost", "source_port"));
        await pair.Asking.StopAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_path_that_heals_tells_afterwards_where_it_was_broken(bool there)
    {
        // The hole is longer than the reports' window: what gets its direction was lost before it began.
        await using var pair = await PathPair.CreateAsync();
        pair.File.Write(pair.Landscape("interval = 10\ntimeout = 300", "window = \"2s\"\nreport_interval = \"500ms\""));
        await pair.StartTargetAsync();
        await pair.StartSourceAsync();
        await pair.AnswersAsync();
        (there ? pair.There : pair.Back).Set(Fault.OfPort(PathPair.Port) with { Drop = Pick.All });
        var before = pair.Asking.Transcript.Windows.Count;
        await pair.TallyAsync(tally => tally.Unknown >= 400, "loses not 400");
        (there ? pair.There : pair.Back).Set();
        await pair.TallyAsync(tally => tally.Forward + tally.Backward >= 400, "gives no direction");
        await pair.PassesAsync(300);
        var tally = await pair.SettleAsync();
        Assert.True(tally.Losses == (pair.There.Count(PathPair.Port).Dropped, pair.Back.Count(PathPair.Port).Dropped, 0), pair.Explain(tally));
        Assert.Equal(there, tally.Forward > 0);
        // Two whole seconds are 200 requests: more were not lost in any window, wherever the older ones were.
        var lines = pair.Asking.Transcript.Windows.Skip(before).Select(w => w.Of("a", "b", "stamp")!.Directions!);
        Assert.All(lines, line => Assert.True(line.Forward + line.Backward + line.Unknown <= 300, $"{line}"));
        await pair.Asking.StopAsync();
    }

    /// <summary>The last packets pass: what follows a session's last reply nobody can know.</summary>
    private static Fault Losing(double rate, ulong seed) =>
        Fault.OfPort(PathPair.Port) with { Drop = rate == 0 ? Pick.None : Pick.Chance(rate, seed).Between(0, Faulty) };
}
