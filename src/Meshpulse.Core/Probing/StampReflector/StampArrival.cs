using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Probing.StampReflector;

/// <summary>What is known of a datagram beside its bytes.</summary>
/// <param name="Now">The monotonic clock, for limits and expiry; never before the last one.</param>
/// <param name="Received">T2: when it came by the wall clock, by the kernel's stamp where there is one.</param>
/// <param name="Source">Whom it claims to be from, and whom to answer.</param>
/// <param name="Local">
/// The address and port that it was sent to, which the reply comes from; never the unspecified address where the socket can tell.
/// </param>
public readonly record struct StampArrival(MonoTime Now, WallTime Received, NodeEndpoint Source, NodeEndpoint Local)
{
    /// <summary>TTL or hop limit that it came with; 255 also where it can't be told (RFC 5357, section 4.2.1).</summary>
    public byte Ttl { get; init; } = 255;

    /// <summary>TOS or traffic class that it came with: 6 bits of DSCP, 2 of ECN.</summary>
    public byte TrafficClass { get; init; }

    /// <summary>Counters of the traffic that is measured, where it is not the session itself.</summary>
    public StampFlowCounters? Counters { get; init; }
}
