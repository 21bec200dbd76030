namespace Meshpulse.Agent.Fleet;

/// <summary>What an answer is signed with: as its request was.</summary>
/// <param name="Key">The key's number.</param>
/// <param name="Nonce">The request's nonce.</param>
public readonly record struct ShareSeal(int Key, string Nonce);
