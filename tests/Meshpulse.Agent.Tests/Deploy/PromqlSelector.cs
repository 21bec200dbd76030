namespace Meshpulse.Agent.Tests.Deploy;

/// <summary>One selector of an expression: a series' name and what is asked of its labels.</summary>
internal sealed record PromqlSelector(string Name, IReadOnlyList<(string Label, string Operator, string Value)> Matchers);
