using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Api.Json;

/// <summary>What <c>GET /api/v1/nodes</c> answers: who there is and how each is.</summary>
/// <param name="Version">Of the format; 1.</param>
/// <param name="Node">Who answers.</param>
/// <param name="Now">When, by its clock.</param>
/// <param name="Self">Who answers, once more: in what a peer passes on it is the peer.</param>
/// <param name="History">The node keeps a history that can be asked.</param>
/// <param name="Settings">How the mesh is probed.</param>
/// <param name="Nodes">At most 2,001, in the order of the matrix.</param>
public sealed record NodesDocument(int Version, string Node, WallTime Now, string Self, bool History, NodeSettings Settings, IReadOnlyList<NodeEntry> Nodes)
    : ApiDocument(Version, Node, Now);
