namespace Meshpulse.Linux.Sockets;

/// <summary>
/// How a datagram socket shall behave and what it shall tell of each arrival; socket(7), ip(7), ipv6(7). The default
/// value asks for nothing. SO_REUSEADDR stays off and SO_REUSEPORT is asked for (two processes must not share a port unawares) and IPV6_V6ONLY on.
/// </summary>
public readonly record struct UdpOptions
{
    /// <summary>Kernel stamps. Refusal is no error: <see cref="DatagramSocket.Stamps"/> says what is in force.</summary>
    public UdpStamps Stamps { get; init; }

    /// <summary>SO_RXQ_OVFL: each arrival tells how many the socket has dropped so far for want of room.</summary>
    public bool ReportDrops { get; init; }

    /// <summary>IP_PKTINFO, IPV6_RECVPKTINFO: each arrival tells which of this host's addresses was asked.</summary>
    public bool ReportLocalAddress { get; init; }

    /// <summary>IP_RECVTTL, IPV6_RECVHOPLIMIT.</summary>
    public bool ReportTimeToLive { get; init; }

    /// <summary>IP_RECVTOS, IPV6_RECVTCLASS.</summary>
    public bool ReportTypeOfService { get; init; }

    /// <summary>IP_RECVERR, IPV6_RECVERR: ICMP errors about what was sent come to <see cref="DatagramSocket.ReceiveErrors"/>.</summary>
    public bool ReportErrors { get; init; }

    /// <summary>
    /// Once bound, sockets of the same user that ask for it (<see cref="JoinsPort"/>) may share the port, SO_REUSEPORT. Set after binding: before, the kernel might
    /// give two that both let it choose one and the same port.
    /// </summary>
    public bool LendsPort { get; init; }

    /// <summary>
    /// May share the port of sockets of the same user that lend theirs. To be connected at once, to another endpoint than they speak with: then each gets
    /// what is its own; else the kernel hands out arrivals as it likes.
    /// </summary>
    public bool JoinsPort { get; init; }

    /// <summary>
    /// SO_RCVBUF in bytes; 0 for the default. Beyond net.core.rmem_max only with CAP_NET_ADMIN, else cut to it. The kernel
    /// doubles the figure for its own overhead, and counts some 770 bytes for even the smallest datagram.
    /// </summary>
    public int ReceiveBuffer { get; init; }

    /// <summary>SO_SNDBUF in bytes; 0 for the default. Bounds and doubling as of <see cref="ReceiveBuffer"/>.</summary>
    public int SendBuffer { get; init; }

    /// <summary>What happens to datagrams that are too large for the path.</summary>
    public FragmentPolicy Fragments { get; init; }

    /// <summary>IP_TOS, IPV6_TCLASS, 0 to 255: DSCP in the upper six bits, ECN in the lower two.</summary>
    public int TypeOfService { get; init; }

    /// <summary>IP_TTL, IPV6_UNICAST_HOPS, 1 to 255; 0 for the system's default, mostly 64.</summary>
    public int TimeToLive { get; init; }

    /// <summary>For probing: arrival stamps, drops, TTL, TOS, ICMP errors.</summary>
    public static UdpOptions Probe => new()
    {
        Stamps = UdpStamps.Receive,
        ReportDrops = true,
        ReportTimeToLive = true,
        ReportTypeOfService = true,
        ReportErrors = true,
    };

    /// <summary>
    /// For answering: the same with the address that was asked, but without ICMP errors, as a reflector has no use for
    /// what became of its answers and anyone could fill its error queue.
    /// </summary>
    public static UdpOptions Reflector => Probe with { ReportLocalAddress = true, ReportErrors = false };
}
