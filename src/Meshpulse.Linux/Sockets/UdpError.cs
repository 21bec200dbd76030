using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Linux.Sockets;

/// <summary>
/// One entry of a socket's error queue, ip(7): a send's stamp, or what the network said of a datagram. Anyone who can
/// guess addresses and ports can forge an ICMP error: believe <see cref="UdpErrorBatch.Bytes"/> only after checking them.
/// </summary>
public readonly record struct UdpError
{
    /// <summary>What it is.</summary>
    public UdpErrorKind Kind { get; init; }

    /// <summary>The error that the kernel makes of it, such as ECONNREFUSED for an unreachable port; ENOMSG for a stamp.</summary>
    public Errno Error { get; init; }

    /// <summary>The ICMP message's type, RFC 792 and RFC 4443.</summary>
    public byte Type { get; init; }

    /// <summary>The ICMP message's code.</summary>
    public byte Code { get; init; }

    /// <summary>ee_info: the MTU in bytes where <see cref="Error"/> is EMSGSIZE.</summary>
    public uint Info { get; init; }

    /// <summary>Who sent the ICMP message, port 0; the default value where unknown.</summary>
    public NodeEndpoint Offender { get; init; }

    /// <summary>Where the datagram in question was going; the default value for a stamp.</summary>
    public NodeEndpoint Destination { get; init; }

    /// <summary>For a stamp, the id that <see cref="UdpSocket.SendStamped"/> gave.</summary>
    public uint StampId { get; init; }

    /// <summary>The wall time of the send, or of the ICMP message's arrival; means nothing without <see cref="HasStamp"/>.</summary>
    public WallTime Stamp { get; init; }

    /// <summary>There is a stamp.</summary>
    public bool HasStamp { get; init; }

    /// <summary>The TTL or hop limit of the ICMP message, where arrivals report theirs; else -1.</summary>
    public int TimeToLive { get; init; }

    /// <summary>Bytes of the datagram in question that came back with the message, 0 or more.</summary>
    public int Length { get; init; }
}
