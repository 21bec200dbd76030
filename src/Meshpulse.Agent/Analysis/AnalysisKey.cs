namespace Meshpulse.Agent.Analysis;

/// <summary>One analysis of one pair: what never runs twice at once.</summary>
/// <param name="Name">The analysis's name.</param>
/// <param name="Pair">The servers between which it looks.</param>
public readonly record struct AnalysisKey(string Name, ServerPair Pair);
