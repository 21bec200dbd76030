namespace Meshpulse.Core.Diagnosis.Transcripts;

/// <summary>What a line of mehsh says of probes, all not negative.</summary>
/// <param name="Sent">Requests of the window (<c>req</c>).</param>
/// <param name="Answered">Those that were answered (<c>resp</c>).</param>
/// <param name="MinLatency">The shortest time to an answer, in microseconds; null without any.</param>
/// <param name="MaxLatency">The longest.</param>
/// <param name="LostForward">Lost on the way there; null where the line does not tell directions.</param>
/// <param name="LostBackward">Lost on the way back.</param>
public readonly record struct TranscriptProbes(long Sent, long Answered, long? MinLatency, long? MaxLatency, long? LostForward, long? LostBackward)
{
    /// <summary>Those without an answer.</summary>
    public long Lost => Math.Max(0, Sent - Answered);
}
