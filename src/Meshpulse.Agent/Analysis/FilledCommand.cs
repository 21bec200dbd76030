namespace Meshpulse.Agent.Analysis;

/// <summary>A command with its placeholders filled in.</summary>
/// <param name="Text">What the shell is given.</param>
/// <param name="Variables">The environment variables that it needs, and that a tool may read as well: one per known placeholder.</param>
/// <param name="Used">Those of the variables that <paramref name="Text"/> refers to, in the order of their first use.</param>
public sealed record FilledCommand(string Text, IReadOnlyDictionary<string, string> Variables, IReadOnlyList<string> Used);
