using Meshpulse.Core.Statistics;

namespace Meshpulse.Core.Checks;

/// <summary>What a STAMP check knows beyond answered and lost.</summary>
/// <param name="Recent">
/// The counts of the report's window, by direction. Losses can get a direction, or be taken back, seconds after they were decided: a single window's
/// can be below zero.
/// </param>
/// <param name="Last">The last whole second; null before the first is over.</param>
/// <param name="DeadFlows">How many flows lose everything while others do not.</param>
public sealed record PathFigures(PathCounts Recent, PathWindow? Last, int DeadFlows);
