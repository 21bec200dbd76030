using Meshpulse.Bench.Whole;

namespace Meshpulse.Bench.Ping;

/// <summary>How many probes a second one core carries: 1,000 targets ever faster, until probes are left out.</summary>
internal sealed class PingLimitBench(BenchOptions options)
{
    private const int Targets = 1_000;
    private const int WarmUpSeconds = 3;

    // One stall of the machine may leave out a few of each target at any rate.
    private const double MostUnsent = 0.01;

    private static readonly int[] s_intervals = [25_000, 12_500, 8_000, 6_000, 5_000, 4_500, 4_000, 3_500, 3_000];

    public async Task RunAsync(BenchResults results)
    {
        var table = new Table(
            $"ping-limit: {Targets} targets, until more than {MostUnsent:P0} is left out",
            "", "interval ms", "wanted probes/s", "probes/s", "core %", "probing thread %", "unsent %", "lost %");
        await RaiseAsync(interval => new BarePing(options, Targets, interval), table, results);
        await RaiseAsync(interval => new AgentPing(options, Targets, interval), table, results);
        table.Print();
    }

    private async Task RaiseAsync(Func<int, PingContender> start, Table table, BenchResults results)
    {
        foreach (var interval in s_intervals)
        {
            // A turn that a neighbour spoilt is taken again.
            var turns = new List<PingTurn>();
            do
            {
                turns.Add(await TakeAsync(start(interval), interval, results));
            }
            while (turns.Count < options.Rounds && UnsentShare(turns[^1]) > MostUnsent);
            var best = turns.MinBy(UnsentShare)!;
            table.Row(
                best.Contender,
                $"{interval / 1e3}",
                $"{Targets * 1e6 / interval:F0}",
                $"{best.ProbesPerSecond:F0}",
                $"{best.ProcessorShare * 100:F1}",
                $"{best.ProbingShare * 100:F1}",
                $"{UnsentShare(best) * 100:F2}",
                $"{best.Own.Lost / options.Seconds / best.ProbesPerSecond * 100:F2}");
            if (UnsentShare(best) > MostUnsent)
            {
                return;
            }
        }
    }

    private double UnsentShare(PingTurn turn) => turn.Own.Unsent / (turn.Own.Unsent + (turn.ProbesPerSecond * options.Seconds));

    private async Task<PingTurn> TakeAsync(PingContender contender, int interval, BenchResults results)
    {
        using (contender)
        {
            var turn = await PingTurn.TakeAsync(options, contender, WarmUpSeconds);
            results.Add(new { Bench = "ping-limit", Targets, IntervalMicroseconds = interval, Figures = turn });
            return turn;
        }
    }
}
