namespace Meshpulse.Linux.Sockets;

/// <summary>Where an entry of the error queue came from: ee_origin of ip(7).</summary>
public enum UdpErrorKind
{
    /// <summary>None of those below; or a stamp whose send can no longer be told.</summary>
    Other = 0,

    /// <summary>This host refused the send: EMSGSIZE, with the MTU in <see cref="UdpError.Info"/>.</summary>
    Local = 1,

    /// <summary>An ICMP error came about a datagram of ours.</summary>
    Icmp = 2,

    /// <summary>An ICMPv6 error came about a datagram of ours.</summary>
    Icmp6 = 3,

    /// <summary>No error: the stamp of a send.</summary>
    SendStamp = 4,
}
