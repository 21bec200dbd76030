namespace Meshpulse.Agent.Sounding;

/// <summary>One flow of a sounding.</summary>
/// <param name="SourcePort">The UDP source port that makes it a flow of its own.</param>
/// <param name="Counts">What became of its packets.</param>
public sealed record SoundingFlow(int SourcePort, SoundingCounts Counts);
