namespace Meshpulse.Agent.Analysis;

/// <summary>The answer of <see cref="AnalysisGate.Ask"/>.</summary>
/// <param name="Verdict">Whether the analysis starts.</param>
/// <param name="IsNews">Whether that is worth a line: a refusal is asked for every second as long as the loss lasts.</param>
public readonly record struct GateDecision(GateVerdict Verdict, bool IsNews);
