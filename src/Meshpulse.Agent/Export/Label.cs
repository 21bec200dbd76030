namespace Meshpulse.Agent.Export;

/// <summary>
/// One label of a sample. The name is ours: <c>[a-zA-Z_][a-zA-Z0-9_]*</c>, not beginning with two underscores, which
/// Prometheus keeps for itself. The value may come from anywhere; <see cref="ExpositionWriter"/> makes it harmless.
/// </summary>
public readonly record struct Label(string Name, string Value);
