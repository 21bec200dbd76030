namespace Meshpulse.Core.Diagnosis.Slices;

/// <summary>Requests of one flow of a peer that reached our reflector in one slice: they say that the peer's way to us is open, whatever becomes of our replies.</summary>
/// <param name="SourcePort">The UDP source port of the peer's flow.</param>
/// <param name="Received">How many came.</param>
public readonly record struct FlowRequests(int SourcePort, long Received);
