namespace Meshpulse.Core.Statistics;

/// <summary>What became of an exchange that was given to <see cref="OffsetEstimator"/>.</summary>
public enum OffsetSample
{
    /// <summary>Its delays can be published with the estimator's bound.</summary>
    Taken,

    /// <summary>It looks as if a clock had stepped; until that is decided its one-way delays mean nothing. Its round trip does.</summary>
    Held,

    /// <summary>It lies across a step, or its timestamps contradict each other: neither delay nor round trip.</summary>
    Dropped,
}
