using Meshpulse.Core.Statistics;

namespace Meshpulse.Core.Checks;

/// <summary>What a STAMP check knows beyond answered and lost.</summary>
/// <param name="Recent">
/// The counts of the report's window, by direction, without losses from before it that got their direction in it. A loss may still be told as unknown in
/// one report and with its direction in the next.
/// </param>
/// <param name="Last">The last whole second; null before the first is over.</param>
public sealed record PathFigures(PathCounts Recent, PathWindow? Last)
{
    /// <summary>Flows that lost everything in the last second while others did not; 0 where all are alike.</summary>
    public int DeadFlows => Last is not { } window ? 0 : window.DeadFlows;
}
