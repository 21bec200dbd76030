using System.Text.Json.Serialization;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Api.Json;

/// <summary>What <c>GET /api/v1/matrix</c> answers: every ordered pair of nodes as bytes.</summary>
/// <param name="Version">Of the format; 1.</param>
/// <param name="Node">Who answers.</param>
/// <param name="Now">When, by its clock.</param>
/// <param name="At">Of what moment it tells.</param>
/// <param name="Nodes">Their names: a node's place here is its number in rows and columns.</param>
/// <param name="Datacenters">Of each; null for none.</param>
/// <param name="Groups">Of each.</param>
/// <param name="States">Of each, as in the document of nodes.</param>
/// <param name="AgesMs">How old each node's own word is; null where there is none.</param>
/// <param name="Missing">Whose own word is missing, and why.</param>
/// <param name="Rows">What from each node to all others suffered; those of whom nobody told anything are missing.</param>
public sealed record MatrixDocument(
    int Version,
    string Node,
    WallTime Now,
    WallTime At,
    IReadOnlyList<string> Nodes,
    [property: JsonConverter(typeof(SparseTexts))] IReadOnlyList<string?> Datacenters,
    IReadOnlyList<IReadOnlyList<string>> Groups,
    IReadOnlyList<string> States,
    IReadOnlyList<double?> AgesMs,
    IReadOnlyList<MissingEntry> Missing,
    IReadOnlyList<MatrixRowEntry> Rows)
    : ApiDocument(Version, Node, Now);
