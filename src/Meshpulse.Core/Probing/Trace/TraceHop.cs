namespace Meshpulse.Core.Probing.Trace;

/// <summary>One hop, over all flows whose path comes so far.</summary>
/// <param name="TimeToLive">Its distance, from 1.</param>
/// <param name="Flows">What each flow saw there; without those whose path ends before.</param>
public sealed record TraceHop(int TimeToLive, IReadOnlyList<TraceFlowHop> Flows)
{
    /// <summary>All flows together.</summary>
    public TraceCounts Counts { get; } = Flows.Aggregate(default(TraceCounts), (sum, flow) => sum + flow.Counts);

    /// <summary>All flows together; null where no answer came in time.</summary>
    public TraceDelays? Delays { get; } = Flows.Aggregate((TraceDelays?)null, (sum, flow) => TraceDelays.Join(sum, flow.Delays));

    /// <summary>The target itself answered here.</summary>
    public bool IsDestination => Flows.Any(f => f.Addresses.Any(a => a.Kind == TraceAnswerKind.Destination));

    /// <summary>
    /// It loses more than some hop behind it. What passed through this hop came through, so the loss is of its answers, not of traffic:
    /// routers limit how many they give, or give none.
    /// </summary>
    public bool IsLikelyRateLimited { get; init; }
}
