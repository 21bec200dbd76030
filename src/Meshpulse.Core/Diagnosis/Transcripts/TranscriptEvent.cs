using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Transcripts;

/// <summary>What happened, by an event's line of meshmonitor.</summary>
/// <param name="Observer">Who printed it.</param>
/// <param name="At">When it was printed.</param>
/// <param name="Kind">What.</param>
/// <param name="Subject">The peer concerned; empty where it is the observer itself.</param>
public sealed record TranscriptEvent(string Observer, WallTime At, TranscriptEventKind Kind, string Subject) : TranscriptEntry(Observer, At)
{
    /// <summary>How long: of the silence, the gap, or since the table before; zero for all else.</summary>
    public Duration Length { get; init; }

    /// <summary>How long of a gap the observer itself stood still.</summary>
    public Duration OwnStall { get; init; }
}
