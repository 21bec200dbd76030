namespace Meshpulse.Agent.Analysis;

/// <summary>What an analysis may know of a server. Anything may stand in the texts: none of it is ever run.</summary>
/// <param name="Name">The server's name in the configuration.</param>
/// <param name="Ip">The address in use, without prefix and port.</param>
/// <param name="Datacenter">Its full name; null where there is none.</param>
/// <param name="Extra1">The operator's own value; null where there is none.</param>
/// <param name="Extra2">The second one.</param>
/// <param name="Extra3">The third one.</param>
public sealed record ServerFacts(string Name, string Ip, string? Datacenter = null, string? Extra1 = null, string? Extra2 = null, string? Extra3 = null);
