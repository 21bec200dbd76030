namespace Meshpulse.Agent.Analysis;

/// <summary>One direction between two servers, by their names.</summary>
/// <param name="From">The server that probes.</param>
/// <param name="To">The server that is probed.</param>
public readonly record struct ServerPair(string From, string To);
