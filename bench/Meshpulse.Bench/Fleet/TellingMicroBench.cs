namespace Meshpulse.Bench.Fleet;

/// <summary>What to read and to judge costs of what peers tell: the parts of <see cref="TellingBench"/> that grow with the mesh.</summary>
internal static class TellingMicroBench
{
    /// <summary>How many peers.</summary>
    public static readonly int[] Sizes = [10, 50, 100];

    /// <summary>Measures each size.</summary>
    public static void Run(BenchResults results)
    {
        var table = new Table(
            "telling: what of it is reading and judging, by one thread without a network",
            "peers", "of them asked", "an answer", "write it, us", "read it, us", "take it in, us", "allocated", "a judgement, us", "in all, % of a core");
        foreach (var peers in Sizes)
        {
            var cost = TellingCost.Of(peers);
            // Four times a second: each asked peer's answer read and taken in, our own written, all judged.
            var share = 4 * ((cost.Asked * (cost.Reading + cost.Taking)) + cost.Writing + cost.Judging) / 1e6;
            table.Row(
                $"{peers}", $"{cost.Asked}", $"{cost.Bytes / 1e3:F1} kB", $"{cost.Writing:F0}", $"{cost.Reading:F0}", $"{cost.Taking:F0}", $"{cost.Allocated / 1e3:F1} kB", $"{cost.Judging:F0}", $"{share * 100:F1}");
            results.Add(new { Bench = "telling cost", Peers = peers, Cost = cost });
        }

        table.Print();
    }
}
