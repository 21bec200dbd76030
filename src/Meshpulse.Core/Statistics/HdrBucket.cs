namespace Meshpulse.Core.Statistics;

/// <summary>One counter of a histogram that was hit.</summary>
/// <param name="Lowest">The smallest value it counts.</param>
/// <param name="Highest">The largest value it counts, inclusive.</param>
/// <param name="Count">How often; at least 1.</param>
public readonly record struct HdrBucket(long Lowest, long Highest, long Count);
