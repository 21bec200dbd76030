using Meshpulse.Core.Time;

namespace Meshpulse.Core.Statistics;

/// <summary>A one-way delay with its bound: as sure as the clocks' offset is.</summary>
/// <param name="Low">It took at least so long; not below zero.</param>
/// <param name="High">It took at most so long.</param>
public readonly record struct DelayBound(Duration Low, Duration High)
{
    /// <summary>The middle, which is off by <see cref="Uncertainty"/> at most.</summary>
    public Duration Middle => Low + ((High - Low) / 2);

    /// <summary>Half of the width, rounded up.</summary>
    public Duration Uncertainty => new((High.Nanoseconds - Low.Nanoseconds + 1) / 2);
}
