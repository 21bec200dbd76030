namespace Meshpulse.Agent.Api.Json;

/// <summary>Heartbeats of a peer step by step; null where nothing is known.</summary>
/// <param name="Received">How many came.</param>
/// <param name="Sent">How many were sent to it.</param>
/// <param name="ReceiveP99Us">The time between two that one of a hundred exceeded, in us.</param>
/// <param name="ReceiveMaxUs">The longest such time, in us.</param>
public sealed record HeartbeatSeries(
    IReadOnlyList<double?> Received,
    IReadOnlyList<double?> Sent,
    IReadOnlyList<double?> ReceiveP99Us,
    IReadOnlyList<double?> ReceiveMaxUs);
