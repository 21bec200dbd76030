namespace Meshpulse.Agent.Export;

/// <summary>The losses from one server to another, as the metrics agent is told of them.</summary>
/// <param name="From">The server that sends the probes.</param>
/// <param name="To">The server that is probed.</param>
/// <param name="LostTotal">The probes decided to be lost since the start; where it falls (late answers), nothing was lost.</param>
/// <param name="WindowLoss">The loss of the report's window.</param>
public readonly record struct AgentLoss(string From, string To, long LostTotal, long WindowLoss);
