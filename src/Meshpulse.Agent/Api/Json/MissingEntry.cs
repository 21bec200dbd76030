namespace Meshpulse.Agent.Api.Json;

/// <summary>Whose word is missing.</summary>
/// <param name="Node">The node.</param>
/// <param name="Why">Why, in a few words for people.</param>
public sealed record MissingEntry(string Node, string Why);
