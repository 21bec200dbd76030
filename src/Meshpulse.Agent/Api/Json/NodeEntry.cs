namespace Meshpulse.Agent.Api.Json;

/// <summary>How one node is. What is not known is left out.</summary>
/// <param name="Name">How it is called.</param>
/// <param name="State"><c>up</c>, <c>silent</c>, <c>left</c>, <c>unreachable</c> or <c>unknown</c>.</param>
/// <param name="IsMaintenance">The operator has put it into maintenance.</param>
/// <param name="Groups">The groups of the configuration that it is in.</param>
/// <param name="Verdicts">The ids of the verdicts in force whose place names it.</param>
public sealed record NodeEntry(string Name, string State, bool IsMaintenance, IReadOnlyList<string> Groups, IReadOnlyList<string> Verdicts)
{
    /// <summary>Its name in the configuration, where who answers has one that names it.</summary>
    public string? Label { get; init; }

    /// <summary>Its datacenter.</summary>
    public string? Datacenter { get; init; }

    /// <summary>How old its last word is, in ms.</summary>
    public double? HeardMs { get; init; }

    /// <summary>The version of its program.</summary>
    public string? Version { get; init; }

    /// <summary>How busy its CPUs are, 0 to 1.</summary>
    public double? Cpu { get; init; }

    /// <summary>How long its probing thread did not run within ten seconds, in ms.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("stalled_ms_10s")]
    public double? StalledMs10s { get; init; }

    /// <summary>Packets that its receive queues dropped within ten seconds.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("receive_drops_10s")]
    public long? ReceiveDrops10s { get; init; }

    /// <summary>By how much its clock is ahead of that of who answers, in us.</summary>
    public double? ClockOffsetUs { get; init; }

    /// <summary>By how much that can be off, in us.</summary>
    public double? ClockBoundUs { get; init; }
}
