using Meshpulse.Core.Membership;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Hosting;

/// <summary>What the probing thread is started with.</summary>
/// <param name="Mesh">The node's own options.</param>
/// <param name="Servers">The servers of the command line: a name to look up, or an address.</param>
/// <param name="Realtime">Ask for real-time priority and for locked memory.</param>
/// <param name="Seed">For jitter.</param>
internal sealed record MeshEngineOptions(MeshOptions Mesh, IReadOnlyList<(string? Host, NodeEndpoint Endpoint)> Servers, bool Realtime, ulong Seed);
