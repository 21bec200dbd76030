namespace Meshpulse.Bench.Whole;

/// <summary>How late the probing thread wakes: with the machine to itself, and with a busy loop on every core.</summary>
internal sealed class WakeupBench(BenchOptions options)
{
    private const int Peers = 10;
    private const int IntervalMicroseconds = 5_000;
    private const int WarmUpSeconds = 5;

    public async Task RunAsync(BenchResults results)
    {
        var table = new Table(
            $"wake-up error in µs: {Peers} peers every {IntervalMicroseconds / 1000} ms, medians of {options.Rounds} turns each",
            "", "cores", "p50", "p99", "p99.9");
        foreach (var busy in (bool[])[false, true])
        {
            var turns = new List<Turn>();
            for (var round = 0; round < options.Rounds; round++)
            {
                turns.Add(await TakeAsync(() => new BareContender(options, IntervalMicroseconds), busy, results));
                turns.Add(await TakeAsync(() => new AgentContender(options, IntervalMicroseconds), busy, results));
                turns.Add(await TakeAsync(() => new AgentContender(options, IntervalMicroseconds, realtime: true), busy, results));
            }

            foreach (var contender in turns.GroupBy(t => t.Contender))
            {
                string Of(Func<OwnFigures, double> pick) => $"{Median.Of(contender.Select(t => pick(t.Own))):F0}";
                table.Row(contender.Key, busy ? "busy" : "idle", Of(o => o.LateP50), Of(o => o.LateP99), Of(o => o.LateP999));
            }
        }

        table.Print();
    }

    private async Task<Turn> TakeAsync(Func<Contender> start, bool busy, BenchResults results)
    {
        using var contender = start();
        using var loops = busy ? new BusyLoops() : null;
        var turn = await Turn.TakeAsync(options, contender, Peers, IntervalMicroseconds, WarmUpSeconds);
        results.Add(new { Bench = "wakeup", Peers, IntervalMicroseconds, Busy = busy, Figures = turn });
        return turn;
    }
}
