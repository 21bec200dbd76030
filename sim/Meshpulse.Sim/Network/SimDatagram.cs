using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Sim.Network;

/// <summary>One datagram on its way; copies that the network makes are the same object. Its identity is what the wire has not: it tells whose answer it is for certain.</summary>
/// <param name="from">Whom it claims to be from.</param>
/// <param name="to">Where it goes.</param>
/// <param name="bytes">Its payload.</param>
/// <param name="sentAt">When it left.</param>
/// <param name="cause">The datagram that it answers; null for one that nobody asked for.</param>
public sealed class SimDatagram(NodeEndpoint from, NodeEndpoint to, byte[] bytes, MonoTime sentAt, SimDatagram? cause)
{
    /// <summary>Whom it claims to be from.</summary>
    public NodeEndpoint From { get; } = from;

    /// <summary>Where it goes. Port 0 stands for the host's kernel, which answers ICMP echoes.</summary>
    public NodeEndpoint To { get; } = to;

    /// <summary>When it left.</summary>
    public MonoTime SentAt { get; } = sentAt;

    /// <summary>The datagram that it answers; null for one that nobody asked for.</summary>
    public SimDatagram? Cause { get; } = cause;

    /// <summary>Its payload.</summary>
    public ReadOnlySpan<byte> Bytes => bytes;
}
