using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Transcripts;

/// <summary>A datacenter's line of mehsh: the sum over its servers.</summary>
/// <param name="Observer">Who printed it; empty where its server's lines did not stand before.</param>
/// <param name="At">When.</param>
/// <param name="Home">The observer's own datacenter.</param>
/// <param name="Datacenter">Of which it is the sum: a name or the dotted beginning of one.</param>
/// <param name="Probes">The sums.</param>
public sealed record TranscriptSum(string Observer, WallTime At, string Home, string Datacenter, TranscriptProbes Probes) : TranscriptEntry(Observer, At);
