using Meshpulse.Bench.Whole;

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

        Print(turns);
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

    private void Print(List<PingTurn> turns)
    {
        var table = new Table(
            $"ping: {Targets} targets every {IntervalMicroseconds / 1000} ms, medians of {options.Rounds} turns each",
            "", "probes/s", "core %", "probing thread %", "ns/probe", "probes/s/core", "unsent", "lost", "bytes/probe", "late p50 µs", "p99", "p99.9");
        foreach (var contender in turns.GroupBy(t => t.Contender))
        {
            double Of(Func<PingTurn, double> pick) => Median.Of(contender.Select(pick));
            table.Row(
                contender.Key,
                $"{Of(t => t.ProbesPerSecond):F0}",
                $"{Of(t => t.ProcessorShare * 100):F1}",
                $"{Of(t => t.ProbingShare * 100):F1}",
                $"{Of(t => t.NanosecondsPerProbe):F0}",
                $"{1e9 / Of(t => t.NanosecondsPerProbe):F0}",
                $"{Of(t => t.Own.Unsent):F0}",
                $"{Of(t => t.Own.Lost):F0}",
                $"{Of(t => t.Own.AllocatedBytes / t.ProbesPerSecond / options.Seconds):F3}",
                $"{Of(t => t.Own.LateP50):F0}",
                $"{Of(t => t.Own.LateP99):F0}",
                $"{Of(t => t.Own.LateP999):F0}");
        }

        table.Print();
        var bare = turns.Where(t => t.Contender is "C").ToList();
        var agent = turns.Where(t => t.Contender is "agent").ToList();
        var ratios = agent.Zip(bare, (a, c) => a.NanosecondsPerProbe / c.NanosecondsPerProbe).ToArray();
        Console.WriteLine($"  agent / C, turn by turn: {string.Join("  ", ratios.Order().Select(r => $"{r:F2}"))}, median {Median.Of(ratios):F2}");
        Console.WriteLine($"  agent's share of a core: {Median.Of(agent.Select(t => t.ProcessorShare)):P1} (aim: 50 % at most)");
    }
}
