namespace Meshpulse.Agent.Api;

/// <summary>What the configuration says of a node of the mesh.</summary>
/// <param name="Label">Its name there.</param>
/// <param name="Datacenter">Its datacenter; null where there is none.</param>
/// <param name="Groups">Its groups.</param>
public sealed record NodeFacts(string Label, string? Datacenter, IReadOnlyList<string> Groups);
