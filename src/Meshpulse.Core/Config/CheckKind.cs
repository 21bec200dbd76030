namespace Meshpulse.Core.Config;

/// <summary>How a check probes.</summary>
public enum CheckKind
{
    /// <summary><c>udp_ping</c>: a small datagram that the other side's reflector answers.</summary>
    UdpPing,

    /// <summary><c>http</c>: a GET request.</summary>
    Http,

    /// <summary><c>tcp</c>: the time to connect.</summary>
    Tcp,

    /// <summary><c>icmp</c>: an echo request.</summary>
    Icmp,

    /// <summary><c>stamp</c>: STAMP (RFC 8762) over several flows, which tells the directions apart.</summary>
    Stamp,
}
