using Meshpulse.Bench.Whole;

namespace Meshpulse.Bench.Ping;

/// <summary>Memory by the number of targets, before anybody reads the metrics and after.</summary>
internal sealed class PingMemoryBench(BenchOptions options)
{
    private const int IntervalMicroseconds = 25_000;
    private const int WarmUpSeconds = 30;

    public async Task RunAsync(BenchResults results)
    {
        var table = new Table(
            $"ping-memory in MB: a probe every {IntervalMicroseconds / 1000} ms, after {WarmUpSeconds} s; medians of {options.Rounds} agents each",
            "targets", "resident", "proportional", "resident after a scrape", "after three", "page");
        foreach (var targets in (int[])[10, 100, 1_000])
        {
            var all = new List<Footprint>();
            for (var round = 0; round < options.Rounds; round++)
            {
                all.Add(await TakeAsync(targets));
                results.Add(new { Bench = "ping-memory", Targets = targets, IntervalMicroseconds, Figures = all[^1] });
            }

            string Of(Func<Footprint, double> pick) => $"{Median.Of(all.Select(pick)):F1}";
            table.Row($"{targets}", Of(f => f.Resident), Of(f => f.Proportional), Of(f => f.AfterScrape), Of(f => f.AfterThree), Of(f => f.Page));
        }

        table.Print();
    }

    private async Task<Footprint> TakeAsync(int targets)
    {
        using var reflector = await Counterparts.StartAsync(options.Native("reflector"), "0.0.0.0", $"{Ports.Targets}");
        using var agent = new AgentPing(options, targets, IntervalMicroseconds);
        // Not by its metrics: nobody may have read them.
        await Task.Delay(TimeSpan.FromSeconds(WarmUpSeconds));
        var before = agent.Read();
        _ = await agent.ScrapeAsync();
        var once = agent.Read();
        _ = await agent.ScrapeAsync();
        var page = await agent.ScrapeAsync();
        var thrice = agent.Read();
        _ = await agent.EndAsync();
        return new Footprint(
            before.ResidentKilobytes / 1024.0,
            before.ProportionalKilobytes / 1024.0,
            once.ResidentKilobytes / 1024.0,
            thrice.ResidentKilobytes / 1024.0,
            (double)page.Length / (1 << 20));
    }

    /// <summary>In megabytes.</summary>
    private sealed record Footprint(double Resident, double Proportional, double AfterScrape, double AfterThree, double Page);
}
