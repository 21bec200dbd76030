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
        for (var i = counts.Length - 1; i > 0; i--)
        {
            counts[i] -= counts[i - 1];
        }

        writer.Histogram(bounds, counts, (double)buckets.Sum / unitsPerSecond, labels);
    }
}
