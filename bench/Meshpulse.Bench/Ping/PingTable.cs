namespace Meshpulse.Bench.Ping;

/// <summary>The turns of programs that probe targets, side by side.</summary>
internal static class PingTable
{
    /// <summary>Prints medians by contender, and what the agent's turns are to those of C.</summary>
    public static void Print(string title, List<PingTurn> turns, int seconds)
    {
        var table = new Table(
            title,
            "", "probes/s", "core %", "probing thread %", "ns/probe", "probes/s/core", "unsent", "lost", "dropped here", "there", "bytes/probe", "resident MB", "page MB", "late p50 µs", "p99", "p99.9");
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
                $"{Of(t => t.Own.Dropped):F0}",
                $"{Of(t => t.DroppedThere):F0}",
                $"{Of(t => t.Own.AllocatedBytes / t.ProbesPerSecond / seconds):F3}",
                $"{Of(t => t.ResidentKilobytes / 1024.0):F1}",
                $"{Of(t => t.Own.PageBytes / 1e6):F1}",
                $"{Of(t => t.Own.LateP50):F0}",
                $"{Of(t => t.Own.LateP99):F0}",
                $"{Of(t => t.Own.LateP999):F0}");
        }

        table.Print();
        var bare = turns.Where(t => t.Contender is "C").ToList();
        var agent = turns.Where(t => t.Contender is "agent").ToList();
        var ratios = agent.Zip(bare, (a, c) => a.NanosecondsPerProbe / c.NanosecondsPerProbe).ToArray();
        Console.WriteLine($"  agent / C, turn by turn: {string.Join("  ", ratios.Order().Select(r => $"{r:F2}"))}, median {Median.Of(ratios):F2}");
    }
}
