using System.Collections.Immutable;
using Meshpulse.Agent.Export;
using Meshpulse.Core.Statistics;

namespace Meshpulse.Agent.Hosting;

/// <summary>From exact counters to the samples of a histogram in seconds.</summary>
internal static class BucketSamples
{
    /// <summary>Writes one histogram.</summary>
    /// <param name="writer">The page, with the family declared.</param>
    /// <param name="bounds">The counters' bounds in seconds.</param>
    /// <param name="unitsPerSecond">How many of the counters' units a second has.</param>
    /// <param name="buckets">The counters.</param>
    /// <param name="labels">The series' labels.</param>
    public static void Write(
        ExpositionWriter writer, ReadOnlySpan<double> bounds, double unitsPerSecond, ExplicitBuckets buckets, params ReadOnlySpan<Label> labels)
    {
        Span<long> counts = stackalloc long[bounds.Length + 1];
        buckets.CopyCumulativeTo(counts);
        WriteCumulative(writer, bounds, counts, (double)buckets.Sum / unitsPerSecond, labels);
    }

    /// <summary>Writes one histogram with fewer buckets than are counted, as exact as it is with all.</summary>
    /// <param name="writer">The page, with the family declared.</param>
    /// <param name="kept">Some of the counters' bounds, rising; none leaves the sum and the count.</param>
    /// <param name="unitsPerSecond">How many of the counters' units a second has.</param>
    /// <param name="buckets">The counters.</param>
    /// <param name="labels">The series' labels.</param>
    public static void WriteFewer(
        ExpositionWriter writer, ImmutableArray<long> kept, double unitsPerSecond, ExplicitBuckets buckets, params ReadOnlySpan<Label> labels)
    {
        Span<long> all = stackalloc long[buckets.UpperBounds.Length + 1];
        Span<long> counts = stackalloc long[kept.Length + 1];
        Span<double> bounds = stackalloc double[kept.Length];
        buckets.CopyCumulativeTo(all);
        for (var i = 0; i < kept.Length; i++)
        {
            bounds[i] = kept[i] / unitsPerSecond;
            counts[i] = all[buckets.UpperBounds.BinarySearch(kept[i])];
        }

        counts[^1] = all[^1];
        WriteCumulative(writer, bounds, counts, (double)buckets.Sum / unitsPerSecond, labels);
    }

    private static void WriteCumulative(ExpositionWriter writer, ReadOnlySpan<double> bounds, Span<long> counts, double sum, ReadOnlySpan<Label> labels)
    {
        for (var i = counts.Length - 1; i > 0; i--)
        {
            counts[i] -= counts[i - 1];
        }

        writer.Histogram(bounds, counts, sum, labels);
    }
}
