using Meshpulse.Bench.Ping;

namespace Meshpulse.Bench.Stamp;

/// <summary>Probing by STAMP: what a probe costs beside the bare C program, in turns, and how late the thread wakes.</summary>
internal sealed class StampBench(BenchOptions options)
{
    // A whole window of the wake-up error, ten seconds, lies within this and the measurement; and all flows have settled their first requests.
    private const int WarmUpSeconds = 8;

    // To start, to be read, to end.
    private const int AroundSeconds = 4;

    public async Task RunAsync(BenchResults results)
    {
        Progress.Plan("stamp", 3 * options.Rounds, WarmUpSeconds + options.Seconds + AroundSeconds);
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
            Progress.Say(
                $"stamp: {turn.Contender}: {turn.ProbesPerSecond:F0} probes/s, {turn.ProcessorShare:P0} of a core, {turn.Own.Unsent:F0} unsent, "
                + $"{turn.Own.Lost:F0} lost, of these dropped in its own queues {turn.Own.Dropped:F0}, in the reflector's {turn.DroppedThere}");
            results.Add(new { Bench = "stamp", PathPlan.Paths, PathPlan.Flows, PathPlan.IntervalMicroseconds, Figures = turn });
            return turn;
        }
    }
}
