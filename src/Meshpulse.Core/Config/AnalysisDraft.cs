namespace Meshpulse.Core.Config;

/// <summary>An <c>[[analysis]]</c> as read, before its ends are known to exist.</summary>
/// <param name="Block">The block.</param>
/// <param name="From">The end that runs the command; null where it is missing.</param>
/// <param name="To">The end whose loss is looked into; null where it is missing.</param>
/// <param name="Definition">The whole; its name is empty where that is missing or unfit.</param>
internal sealed record AnalysisDraft(ConfigTable Block, Placed<string>? From, Placed<string>? To, AnalysisDefinition Definition);
