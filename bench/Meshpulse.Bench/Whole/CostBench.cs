namespace Meshpulse.Bench.Whole;

/// <summary>Processor time and garbage per heartbeat: 100 peers at 5 ms, the agent and the bare C program in turns.</summary>
internal sealed class CostBench(BenchOptions options)
{
    private const int Peers = 100;
    private const int IntervalMicroseconds = 5_000;
    // Until the runtime has compiled what runs often a second time.
    private const int WarmUpSeconds = 10;

    public async Task RunAsync(BenchResults results)
    {
        var (bare, agent) = (new List<Turn>(), new List<Turn>());
        for (var round = 0; round < options.Rounds; round++)
        {
            bare.Add(await TakeAsync(new BareContender(options, IntervalMicroseconds), results));
            agent.Add(await TakeAsync(new AgentContender(options, IntervalMicroseconds), results));
        }

        Print(bare, agent);
    }

    private async Task<Turn> TakeAsync(Contender contender, BenchResults results)
    {
        using (contender)
        {
            var turn = await Turn.TakeAsync(options, contender, Peers, IntervalMicroseconds, WarmUpSeconds);
            results.Add(new { Bench = "cost", Peers, IntervalMicroseconds, Figures = turn });
            return turn;
        }
    }

    private static void Print(List<Turn> bare, List<Turn> agent)
    {
        var table = new Table(
            $"cost: {Peers} peers every {IntervalMicroseconds / 1000} ms, medians of {agent.Count} turns each",
            "", "heartbeats/s each way", "core %", "probing thread %", "ns/heartbeat pair", "pairs/s/core", "bytes/pair");
        foreach (var turns in (List<Turn>[])[bare, agent])
        {
            double Of(Func<Turn, double> pick) => Median.Of(turns.Select(pick));
            table.Row(
                turns[0].Contender,
                $"{Of(t => t.PairsPerSecond):F0}",
                $"{Of(t => t.ProcessorShare * 100):F1}",
                $"{Of(t => t.ProbingShare * 100):F1}",
                $"{Of(t => t.NanosecondsPerPair):F0}",
                $"{1e9 / Of(t => t.NanosecondsPerPair):F0}",
                $"{Of(t => t.Own.AllocatedBytes):F3}");
        }

        table.Print();
        var ratios = agent.Zip(bare, (a, c) => a.NanosecondsPerPair / c.NanosecondsPerPair).ToArray();
        Console.WriteLine($"  agent / C, turn by turn: {string.Join("  ", ratios.Order().Select(r => $"{r:F2}"))}, median {Median.Of(ratios):F2} (aim: 1.50 at most)");
        Console.WriteLine($"  agent's share of a core: {Median.Of(agent.Select(t => t.ProcessorShare)):P1} (aim: 25 % at most)");
    }
}
