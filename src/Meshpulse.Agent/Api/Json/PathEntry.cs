namespace Meshpulse.Agent.Api.Json;

/// <summary>A node's word on another.</summary>
/// <param name="To">The other.</param>
/// <param name="Connected">A heartbeat connection stands.</param>
/// <param name="SilenceMs">How long no heartbeat came.</param>
/// <param name="Forward">What packets there suffered.</param>
/// <param name="Backward">What packets back suffered.</param>
/// <param name="RoundTrip">Both, and losses of which nobody knows where.</param>
/// <param name="Flows">Each flow; none where the path is not probed.</param>
public sealed record PathEntry(
    string To,
    bool Connected,
    double SilenceMs,
    DirectionEntry Forward,
    DirectionEntry Backward,
    DirectionEntry RoundTrip,
    IReadOnlyList<FlowEntry> Flows)
{
    /// <summary>By how much a one-way delay can be off, in us.</summary>
    public double? BoundUs { get; init; }

    /// <summary>Probes that were due and did not leave.</summary>
    public long? Unsent { get; init; }

    /// <summary>Packets that this node's own receive queues dropped.</summary>
    public long? ReceiveDrops { get; init; }

    /// <summary>How long no reply came, in ms; null where the path is not probed.</summary>
    public double? ReplySilenceMs { get; init; }
}
