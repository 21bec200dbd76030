namespace Meshpulse.Core.Config;

/// <summary>What an analysis comes to for one pair of servers, which are never the same.</summary>
/// <param name="Analysis">What to run, and when.</param>
/// <param name="From">The server that runs it.</param>
/// <param name="To">The server whose loss it looks into.</param>
public sealed record AnalysisPair(AnalysisDefinition Analysis, ServerDefinition From, ServerDefinition To);
