using Meshpulse.Core.Statistics;

namespace Meshpulse.Core.Checks;

/// <summary>What a STAMP check knows beyond answered and lost.</summary>
/// <param name="Recent">
/// The counts of the report's window, by direction, without losses from before it that got their direction in it. A loss may still be told as unknown in
/// one report and with its direction in the next.
/// </param>
/// <param name="Last">The last whole second; null before the first is over.</param>
/// <param name="DeadFlows">How many flows lose everything while others do not.</param>
public sealed record PathFigures(PathCounts Recent, PathWindow? Last, int DeadFlows);
