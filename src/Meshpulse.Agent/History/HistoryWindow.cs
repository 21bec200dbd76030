using Meshpulse.Core.Time;

namespace Meshpulse.Agent.History;

/// <summary>What one series did in one window.</summary>
/// <param name="From">When it began.</param>
/// <param name="Length">How long it is.</param>
/// <param name="Row">What was in it.</param>
public sealed record HistoryWindow(WallTime From, Duration Length, HistoryRow Row);
