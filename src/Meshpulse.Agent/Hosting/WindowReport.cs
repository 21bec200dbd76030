using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Hosting;

/// <summary>What was measured from one report to the next: an immutable value.</summary>
/// <param name="At">When it was made.</param>
/// <param name="Peers">The peers that are connected, in the order of their addresses.</param>
/// <param name="IsLast">True for the one that is made when the agent stops.</param>
public sealed record WindowReport(WallTime At, IReadOnlyList<PeerReport> Peers, bool IsLast);
