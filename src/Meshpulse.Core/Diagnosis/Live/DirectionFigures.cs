using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Live;

/// <summary>How long packets of one direction, or of a round trip, took within the last seconds.</summary>
/// <param name="Count">How many told; 0 where none did, and nothing else is known then.</param>
/// <param name="P50">The middle: the median of the slices' medians, each as heavy as its packets are many.</param>
/// <param name="P99">The highest that a slice told: of so few packets never too low.</param>
/// <param name="Max">The longest.</param>
/// <param name="Baseline">What the middle is usually; null before that is learned.</param>
public readonly record struct DirectionFigures(long Count, Duration P50, Duration P99, Duration Max, Duration? Baseline)
{
    /// <summary>The middle against the usual one; null where either is not known.</summary>
    public double? Ratio => Count > 0 && Baseline is { Nanoseconds: > 0 } usual ? (double)P50.Nanoseconds / usual.Nanoseconds : null;
}
