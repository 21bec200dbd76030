using System.Collections.Immutable;
using Meshpulse.Agent.Export;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Hosting;

/// <summary>
/// Exact counters of delays from a microsecond up, written by the probing thread and read by whoever serves the metrics. The ring to the collector
/// would cost a store of 24 bytes and a place in it for each delay; this costs an addition, and as there is one writer neither a
/// lock nor an interlocked operation. A reader may see the counts a moment older than the sum.
/// </summary>
internal sealed class DelayBuckets
{
    /// <summary>Upper bounds in nanoseconds: 1 us to 1 s.</summary>
    public static readonly ImmutableArray<long> Bounds =
    [
        1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000,
        25_000_000, 50_000_000, 100_000_000, 250_000_000, 500_000_000, 1_000_000_000,
    ];

    private static readonly double[] s_bounds = [.. Bounds.Select(b => b / 1e9)];

    private readonly long[] _counts = new long[Bounds.Length + 1];
    private double _sum;

    /// <summary>All delays; from any thread.</summary>
    public long Count
    {
        get
        {
            long count = 0;
            for (var i = 0; i < _counts.Length; i++)
            {
                count += Volatile.Read(ref _counts[i]);
            }

            return count;
        }
    }

    /// <summary>For the writer: counts a delay; one below zero counts as zero. Allocates nothing.</summary>
    public void Record(Duration delay)
    {
        var nanoseconds = Math.Max(0, delay.Nanoseconds);
        var found = Bounds.BinarySearch(nanoseconds);
        ref var count = ref _counts[found < 0 ? ~found : found];
        Volatile.Write(ref count, count + 1);
        Volatile.Write(ref _sum, _sum + nanoseconds);
    }

    /// <summary>Writes the histogram in seconds; from any thread.</summary>
    /// <param name="writer">The page, with the family declared.</param>
    /// <param name="labels">The series' labels.</param>
    public void Write(ExpositionWriter writer, params ReadOnlySpan<Label> labels)
    {
        Span<long> counts = stackalloc long[_counts.Length];
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = Volatile.Read(ref _counts[i]);
        }

        writer.Histogram(s_bounds, counts, Volatile.Read(ref _sum) / 1e9, labels);
    }
}
