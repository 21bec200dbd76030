using Meshpulse.Bench.Ping;

namespace Meshpulse.Bench.Stamp;

/// <summary>Probing by STAMP: what a probe costs beside the bare C program, in turns, and how late the thread wakes.</summary>
internal sealed class StampBench(BenchOptions options)
{
    // A whole window of the wake-up error, ten seconds, lies within this and the measurement; and all flows have settled their first requests.
    private const int WarmUpSeconds = 8;

    public async Task RunAsync(BenchResults results)
    {
        var turns = new List<PingTurn>();
        for (var round = 0; round < options.Rounds; round++)
        {
            turns.Add(await TakeAsync(new BareStamp(options), results));
            turns.Add(await TakeAsync(new AgentStamp(options), results));
            turns.Add(await TakeAsync(new AgentStamp(options, realtime: true), results));
        }

        PingTable.Print($"stamp: {PathPlan.Describe()}, medians of {options.Rounds} turns each", turns, options.Seconds);
    }

    private async Task<PingTurn> TakeAsync(PingContender contender, BenchResults results)
    {
        using (contender)
        {
            var turn = await PingTurn.TakeAsync(options, contender, WarmUpSeconds);
            results.Add(new { Bench = "stamp", PathPlan.Paths, PathPlan.Flows, PathPlan.IntervalMicroseconds, Figures = turn });
            return turn;
        }
    }
}
