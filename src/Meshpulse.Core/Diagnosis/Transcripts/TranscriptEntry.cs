using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Transcripts;

/// <summary>What a line of console output tells. An immutable value.</summary>
/// <param name="Observer">Who printed it.</param>
/// <param name="At">When, by the observer's clock: to the second, as the lines have it.</param>
public abstract record TranscriptEntry(string Observer, WallTime At);
