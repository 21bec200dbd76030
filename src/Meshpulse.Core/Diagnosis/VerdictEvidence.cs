namespace Meshpulse.Core.Diagnosis;

/// <summary>One number that speaks for a verdict.</summary>
/// <param name="Node">Who measured it.</param>
/// <param name="Figure">What it is, such as <c>gap from web2</c> or <c>run queue wait</c>.</param>
/// <param name="Value">The number.</param>
/// <param name="Unit">Its unit, such as <c>ms</c>, <c>%</c>, <c>packets</c>; empty for a mere count.</param>
/// <param name="Baseline">What it is when all is well; null where nobody knows.</param>
public readonly record struct VerdictEvidence(string Node, string Figure, double Value, string Unit, double? Baseline);
