using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Api.Json;

/// <summary>
/// What <c>GET /api/v1/row</c> answers, for peers in a large mesh: the node's own word on both directions to all others, as bytes. Who asks says by a
/// hash which names it has; where the node has the same, they are not told again.
/// </summary>
/// <param name="Version">Of the format; 1.</param>
/// <param name="Node">Whose word it is.</param>
/// <param name="Now">When, by its clock.</param>
/// <param name="Hash">Of the names and their order, in hexadecimal.</param>
/// <param name="IsMaintenance">The operator has put the node into maintenance.</param>
/// <param name="Kind"><c>one_way</c> or <c>round_trip</c>, for the way there.</param>
/// <param name="Forward">From the node to each other.</param>
/// <param name="Backward">From each other to the node.</param>
public sealed record RowDocument(int Version, string Node, WallTime Now, string Hash, bool IsMaintenance, string Kind, RowCells Forward, RowCells Backward)
    : ApiDocument(Version, Node, Now)
{
    /// <summary>The names in order; null where who asked has them.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>The node's datacenter.</summary>
    public string? Datacenter { get; init; }

    /// <summary>The version of its program.</summary>
    public string? Program { get; init; }

    /// <summary>How busy its CPUs are, 0 to 1.</summary>
    public double? Cpu { get; init; }

    /// <summary>How long its probing thread did not run within ten seconds, in ms.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("stalled_ms_10s")]
    public double? StalledMs10s { get; init; }

    /// <summary>Packets that its receive queues dropped within ten seconds.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("receive_drops_10s")]
    public long? ReceiveDrops10s { get; init; }
}
