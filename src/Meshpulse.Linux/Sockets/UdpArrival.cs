using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Linux.Sockets;

/// <summary>What the kernel tells of one datagram that came; its bytes are <see cref="UdpBatch.Bytes"/>.</summary>
public readonly record struct UdpArrival
{
    /// <summary>Who sent it. An IPv6 scope is not kept, so a link-local sender cannot be answered.</summary>
    public NodeEndpoint Remote { get; init; }

    /// <summary>
    /// Which address of this host was asked, with the socket's port: what an answer must come from. The default value
    /// where it was not asked for, or where a group was asked by IPv6.
    /// </summary>
    public NodeEndpoint LocalAddress { get; init; }

    /// <summary>The interface that it came by, if_nametoindex(3); 0 where the local address was not asked for.</summary>
    public int InterfaceIndex { get; init; }

    /// <summary>Bytes that are there, 0 or more.</summary>
    public int Length { get; init; }

    /// <summary>It was longer than the batch has room for; the rest is gone.</summary>
    public bool Truncated { get; init; }

    /// <summary>The wall time at which it arrived; means nothing without <see cref="HasStamp"/>.</summary>
    public WallTime Stamp { get; init; }

    /// <summary>The kernel stamped it.</summary>
    public bool HasStamp { get; init; }

    /// <summary>TTL or hop limit as received, 0 to 255; -1 where unknown.</summary>
    public int TimeToLive { get; init; }

    /// <summary>TOS or traffic class as received, 0 to 255; -1 where unknown.</summary>
    public int TypeOfService { get; init; }

    /// <summary>
    /// Datagrams that the socket had dropped for want of room since it was made, by the time this one was queued; modulo
    /// 2^32. Those dropped after the last one queued show in <see cref="DatagramSocket.TryGetDrops"/> only.
    /// </summary>
    public uint Drops { get; init; }
}
