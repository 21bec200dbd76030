namespace Meshpulse.Agent.Api.Json;

/// <summary>
/// What one end saw of a pair, step by step: all lists have one element for each of <see cref="T"/>, null where nothing is known. Forward is from this end
/// to the other.
/// </summary>
/// <param name="Observer">Which end.</param>
/// <param name="Source"><c>live</c> for the last half minute out of memory, <c>history</c> for the store, <c>peer</c> for what the other node told of its own.</param>
public sealed record PathView(string Observer, string Source)
{
    /// <summary>Why there is nothing; null where there is something.</summary>
    public string? Missing { get; init; }

    /// <summary>How long a step is.</summary>
    public long? StepMs { get; init; }

    /// <summary>When each step begins, in ms since 1970.</summary>
    public IReadOnlyList<long> T { get; init; } = [];

    /// <summary>Probes that left.</summary>
    public IReadOnlyList<double?> Sent { get; init; } = [];

    /// <summary>Lost on the way there; below zero where losses of earlier steps were taken back.</summary>
    public IReadOnlyList<double?> LostForward { get; init; } = [];

    /// <summary>Lost on the way back.</summary>
    public IReadOnlyList<double?> LostBackward { get; init; } = [];

    /// <summary>Lost, and nobody knows where.</summary>
    public IReadOnlyList<double?> LostUnknown { get; init; } = [];

    /// <summary>Due, and not sent.</summary>
    public IReadOnlyList<double?> Unsent { get; init; } = [];

    /// <summary>Delays there.</summary>
    public DelaySeries? Forward { get; init; }

    /// <summary>Delays back.</summary>
    public DelaySeries? Backward { get; init; }

    /// <summary>Delays there and back.</summary>
    public DelaySeries? RoundTrip { get; init; }

    /// <summary>Heartbeats of the other end.</summary>
    public HeartbeatSeries? Heartbeats { get; init; }

    /// <summary>Delays of the whole span; null where only steps are known.</summary>
    public PathHistograms? Histograms { get; init; }

    /// <summary>Each flow over the whole span.</summary>
    public IReadOnlyList<FlowEntry> Flows { get; init; } = [];
}
