using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Portable;

/// <summary>What is known of one datagram that came; its bytes are <see cref="PortableUdpBatch.Bytes"/>.</summary>
/// <param name="Remote">Who sent it; an IPv6 scope is not kept.</param>
/// <param name="Length">Bytes that are there.</param>
/// <param name="Read">Both clocks right after it was read: our own lateness is in them.</param>
internal readonly record struct PortableArrival(NodeEndpoint Remote, int Length, ClockPairing Read);
