namespace Meshpulse.Bench.Whole;

/// <summary>
/// Memory by the number of peers. All at the interval that two processors can carry for 1,000 peers and their counterparts
/// on the same machine.
/// </summary>
internal sealed class MemoryBench(BenchOptions options)
{
    private const int IntervalMicroseconds = 100_000;
    private const int WarmUpSeconds = 30;

    public async Task RunAsync(BenchResults results)
    {
        var table = new Table(
            $"memory in MB: one heartbeat every {IntervalMicroseconds / 1000} ms, after {WarmUpSeconds + options.Seconds} s",
            "", "peers", "resident", "proportional", "resident after a scrape", "page");
        var resident = new Dictionary<int, long>();
        foreach (var peers in (int[])[10, 100, 1_000])
        {
            using (var bare = new BareContender(options, IntervalMicroseconds))
            {
                var turn = await TakeAsync(bare, peers, results);
                table.Row("C", $"{peers}", Megabytes(turn.ResidentKilobytes), Megabytes(turn.ProportionalKilobytes), "-", "-");
            }

            using var agent = new ScrapedContender(options, IntervalMicroseconds);
            var agentTurn = await TakeAsync(agent, peers, results);
            resident[peers] = agentTurn.ResidentKilobytes;
            table.Row(
                "agent",
                $"{peers}",
                Megabytes(agentTurn.ResidentKilobytes),
                Megabytes(agentTurn.ProportionalKilobytes),
                Megabytes(agent.ResidentAfterScrape),
                Megabytes(agent.PageBytes / 1024));
        }

        table.Print();
        Console.WriteLine($"  agent, 1,000 peers against 10: {Megabytes(resident[1_000] - resident[10])} MB more (aim: 15 MB at most)");
    }

    private async Task<Turn> TakeAsync(Contender contender, int peers, BenchResults results)
    {
        var turn = await Turn.TakeAsync(options, contender, peers, IntervalMicroseconds, WarmUpSeconds);
        results.Add(new { Bench = "memory", Peers = peers, IntervalMicroseconds, Figures = turn });
        return turn;
    }

    private static string Megabytes(long kilobytes) => $"{kilobytes / 1024.0:F1}";
}
