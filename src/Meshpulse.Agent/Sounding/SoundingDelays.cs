using Meshpulse.Core.Statistics;

namespace Meshpulse.Agent.Sounding;

/// <summary>A distribution of delays, in milliseconds; of a delay there is always at least one.</summary>
public sealed record SoundingDelays(double Min, double Mean, double P50, double P90, double P99, double P999, double Max)
{
    /// <summary>The summary of a histogram of nanoseconds; null for an empty one.</summary>
    public static SoundingDelays? Of(HdrHistogram histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        if (histogram.TotalCount == 0)
        {
            return null;
        }

        // A bucket's edge may lie beyond what was seen.
        double At(double percentile) =>
            Math.Clamp(histogram.ValueAtPercentile(percentile), histogram.ExactMin, histogram.ExactMax) / 1e6;
        return new SoundingDelays(
            histogram.ExactMin / 1e6,
            Math.Clamp(histogram.Mean, histogram.ExactMin, histogram.ExactMax) / 1e6,
            At(50),
            At(90),
            At(99),
            At(99.9),
            histogram.ExactMax / 1e6);
    }
}
