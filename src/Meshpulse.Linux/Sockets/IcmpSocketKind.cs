namespace Meshpulse.Linux.Sockets;

/// <summary>Which of Linux's two ways to send ICMP echoes a socket uses.</summary>
public enum IcmpSocketKind
{
    /// <summary>Neither is permitted.</summary>
    None = 0,

    /// <summary>icmp(7): a datagram socket for echoes only, permitted to the groups in net.ipv4.ping_group_range.</summary>
    Datagram = 1,

    /// <summary>raw(7): needs CAP_NET_RAW.</summary>
    Raw = 2,
}
