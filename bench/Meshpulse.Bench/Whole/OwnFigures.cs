namespace Meshpulse.Bench.Whole;

/// <summary>What a node measured of itself: how late it woke, in microseconds, and what its probing thread allocated.</summary>
internal readonly record struct OwnFigures(double LateP50, double LateP99, double LateP999, double AllocatedBytes);
