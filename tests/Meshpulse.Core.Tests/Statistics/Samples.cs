using Meshpulse.Core.Statistics;

namespace Meshpulse.Core.Tests.Statistics;

/// <summary>Seeded values of the kinds that histograms meet; the seed is the test's argument and so stands in its name.</summary>
internal static class Samples
{
    /// <summary>Seeds for a theory.</summary>
    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(1, 24).Select(i => (ulong)i)];

    /// <summary>Up to 3,000 values from 0 to <paramref name="highest"/>, of a kind that the seed chooses.</summary>
    public static long[] Draw(ulong seed, long highest = HdrGeometry.DefaultHighest)
    {
        var random = new SplitMix64(seed);
        var values = new long[1 + random.Below(3_000)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Math.Min(highest, (seed % 4) switch
            {
                0 => (long)Math.Exp(random.NextDouble() * Math.Log(highest)) - 1,
                1 => random.Below(64),
                2 => Latency(random),
                _ => i % 7 == 0 ? (long)(random.Next() >> 1) % (highest + 1) : 5_000,
            });
        }

        return values;
    }

    /// <summary>Microseconds: 5 ms with a deviation of 300 us, and a long tail for one of fifty.</summary>
    public static long Latency(SplitMix64 random)
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var tail = random.Below(50) == 0 ? 1 / (1 - random.NextDouble()) : 1;
        return (long)Math.Max(0, (5_000 + (300 * normal)) * Math.Min(tail, 1_000));
    }

    public static HdrHistogram Record(this HdrHistogram histogram, IEnumerable<long> values)
    {
        foreach (var value in values)
        {
            histogram.Record(value);
        }

        return histogram;
    }

    /// <summary>Everything that a histogram counted: equal where the histograms are.</summary>
    public static (long Total, long Low, long High, long Min, long Max, string Buckets) Contents(this HdrHistogram h) =>
        (h.TotalCount, h.ClampedLow, h.ClampedHigh, h.ExactMin, h.ExactMax, string.Join(' ', h.Buckets));
}
