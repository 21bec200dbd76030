namespace Meshpulse.Bench.Ping;

/// <summary>1,000 targets every 25 ms: what a probe costs beside the bare C program, in turns, and how late the thread wakes.</summary>
internal sealed class PingBench(BenchOptions options)
{
    private const int Targets = 1_000;
    private const int IntervalMicroseconds = 25_000;

    // A whole window of the wake-up error, ten seconds, lies within this and the measurement.
    private const int WarmUpSeconds = 6;

    public async Task RunAsync(BenchResults results)
    {
        var turns = new List<PingTurn>();
        for (var round = 0; round < options.Rounds; round++)
        {
            turns.Add(await TakeAsync(new BarePing(options, Targets, IntervalMicroseconds), results));
            turns.Add(await TakeAsync(new AgentPing(options, Targets, IntervalMicroseconds), results));
            turns.Add(await TakeAsync(new AgentPing(options, Targets, IntervalMicroseconds, realtime: true), results));
        }

        PingTable.Print($"ping: {Targets} targets every {IntervalMicroseconds / 1000} ms, medians of {options.Rounds} turns each", turns, options.Seconds);
        var share = Median.Of(turns.Where(t => t.Contender is "agent").Select(t => t.ProcessorShare));
        Console.WriteLine($"  agent's share of a core: {share:P1} (aim: 50 % at most)");
    }

    private async Task<PingTurn> TakeAsync(PingContender contender, BenchResults results)
    {
        using (contender)
        {
            var turn = await PingTurn.TakeAsync(options, contender, WarmUpSeconds);
            results.Add(new { Bench = "ping", Targets, IntervalMicroseconds, Figures = turn });
            return turn;
        }
    }
}
