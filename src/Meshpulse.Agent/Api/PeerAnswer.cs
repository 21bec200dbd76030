namespace Meshpulse.Agent.Api;

/// <summary>What a peer answered: a body, or why there is none.</summary>
/// <param name="Body">The body of a 200; null for all else.</param>
/// <param name="Status">The status; 0 where none came.</param>
/// <param name="Failure">Why there is none, in words that follow the peer's name; null where there is one.</param>
internal sealed record PeerAnswer(byte[]? Body, int Status, string? Failure);
