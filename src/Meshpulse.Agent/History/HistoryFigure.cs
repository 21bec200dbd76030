namespace Meshpulse.Agent.History;

/// <summary>A whole number that every window of a kind may have.</summary>
/// <param name="Name">As it is called in the store, in JSON and in CSV; its unit is its ending, nothing where it counts.</param>
/// <param name="Merge">What becomes of it when windows are put together.</param>
public sealed record HistoryFigure(string Name, FigureMerge Merge = FigureMerge.Sum);
