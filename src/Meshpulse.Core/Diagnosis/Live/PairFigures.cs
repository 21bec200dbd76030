using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Live;

/// <summary>What one node, the observer, saw of another within the last two seconds. An immutable value.</summary>
/// <param name="Subject">The other.</param>
/// <param name="Until">When the last slice ended, by the observer's clock.</param>
public sealed record PairFigures(string Subject, MonoTime Until)
{
    /// <summary>The observer probes the path to it.</summary>
    public bool HasPath { get; init; }

    /// <summary>What became of its probes, older losses that were decided or taken back meanwhile included: below zero nothing is told.</summary>
    public PathCounts Counts { get; init; }

    /// <summary>How long no reply came.</summary>
    public Duration PathSilence { get; init; }

    /// <summary>Delays there.</summary>
    public DirectionFigures Forward { get; init; }

    /// <summary>Delays back.</summary>
    public DirectionFigures Backward { get; init; }

    /// <summary>Delays there and back.</summary>
    public DirectionFigures RoundTrip { get; init; }

    /// <summary>By how much a one-way delay can be off; null where none is known.</summary>
    public Duration? Bound { get; init; }

    /// <summary>Requests of the subject's own probes that reached the observer; null where nobody counts them.</summary>
    public long? Requests { get; init; }

    /// <summary>A heartbeat connection stands.</summary>
    public bool IsConnected { get; init; }

    /// <summary>How long no heartbeat came.</summary>
    public Duration Silence { get; init; }

    /// <summary>By how much the subject's clock is ahead.</summary>
    public OffsetInterval Offset { get; init; } = OffsetInterval.Unknown;
}
