using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Slices;

/// <summary>What the probes of one path (STAMP, from the slice's node to the peer and back) did in one slice: a <see cref="PathWindow"/> made small.</summary>
public sealed record PathSlice
{
    /// <summary>The changes of the counts; losses count when they are decided, up to the timeout after the sending, and can be taken back.</summary>
    public PathCounts Counts { get; init; }

    /// <summary>How long no reply has come, at the slice's end; zero where one came just now.</summary>
    public Duration Silence { get; init; }

    /// <summary>From one probe to the next over all flows.</summary>
    public Duration Interval { get; init; }

    /// <summary>Round trips without the reflector's own time; null without any.</summary>
    public DelaySlice? RoundTrip { get; init; }

    /// <summary>Delays there; null without any, or where the offset is not bounded.</summary>
    public DelaySlice? Forward { get; init; }

    /// <summary>Delays back, the same.</summary>
    public DelaySlice? Backward { get; init; }

    /// <summary>By how much a one-way delay can be off at most.</summary>
    public Duration Bound { get; init; }

    /// <summary>By how much the peer's wall clock is ahead of the node's, at the slice's end.</summary>
    public OffsetInterval Offset { get; init; } = OffsetInterval.Unknown;

    /// <summary>A step of a clock that was noticed in the slice.</summary>
    public ClockStep? Step { get; init; }

    /// <summary>The hop limit with which requests came there, and how often it changed since the path is probed.</summary>
    public SeenField ForwardHopLimit { get; init; }

    /// <summary>The same of replies.</summary>
    public SeenField BackwardHopLimit { get; init; }

    /// <summary>What is known of the largest packets that pass.</summary>
    public MtuFigures Mtu { get; init; }

    /// <summary>Each flow.</summary>
    public IReadOnlyList<FlowSlice> Flows { get; init; } = [];
}
