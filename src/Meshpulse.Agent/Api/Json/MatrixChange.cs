using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Api.Json;

/// <summary>What the stream says of the matrix after the first whole one: the rows that changed.</summary>
/// <param name="At">Of what moment it tells.</param>
/// <param name="AgesMs">How old each node's own word is; null where there is none.</param>
/// <param name="States">Of each node.</param>
/// <param name="Missing">Whose own word is missing, and why.</param>
/// <param name="Rows">The rows that are not as they were in what this reader got last. One that is gone is there with nothing but "no data".</param>
public sealed record MatrixChange(WallTime At, IReadOnlyList<double?> AgesMs, IReadOnlyList<string> States, IReadOnlyList<MissingEntry> Missing, IReadOnlyList<MatrixRowEntry> Rows)
{
    /// <summary>All names, where they changed: then rows are those of the new order, and all of them.</summary>
    public IReadOnlyList<string>? Nodes { get; init; }
}
