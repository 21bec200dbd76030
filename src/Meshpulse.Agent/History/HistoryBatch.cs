namespace Meshpulse.Agent.History;

/// <summary>What came together in about half a second; whoever has it owns what is in it.</summary>
/// <param name="At">When it was cut, by the wall clock.</param>
/// <param name="Rows">The changes of windows: the second that they belong to, the series, and what is to be added.</param>
/// <param name="Events">What happened.</param>
/// <param name="Verdicts">What was judged.</param>
internal sealed record HistoryBatch(
    Core.Time.WallTime At,
    IReadOnlyList<(long Second, SeriesName Name, HistoryRow Row)> Rows,
    IReadOnlyList<HistoryEvent> Events,
    IReadOnlyList<HistoryVerdict> Verdicts);
