using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Api.Json;

/// <summary>What <c>GET /api/v1/paths</c> answers: the node's own word on its paths within the last two seconds, in figures.</summary>
/// <param name="Version">Of the format; 1.</param>
/// <param name="Node">Whose word it is.</param>
/// <param name="Now">When, by its clock.</param>
/// <param name="Paths">One for each other node.</param>
public sealed record PathsDocument(int Version, string Node, WallTime Now, IReadOnlyList<PathEntry> Paths)
    : ApiDocument(Version, Node, Now);
