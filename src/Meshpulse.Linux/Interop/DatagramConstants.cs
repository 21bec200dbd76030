namespace Meshpulse.Linux.Interop;

/// <summary>
/// What datagram sockets need of sys/socket.h, netinet/in.h, netinet/icmp6.h, linux/icmp.h, linux/net_tstamp.h,
/// linux/errqueue.h and linux/sock_diag.h, under their own names; the same on x86-64 and arm64.
/// </summary>
internal static class DatagramConstants
{
    public const int SOCK_DGRAM = 2;
    public const int SOCK_RAW = 3;

    public const int IPPROTO_ICMP = 1;
    public const int IPPROTO_UDP = 17;
    public const int IPPROTO_ICMPV6 = 58;
    public const int SOL_RAW = 255;

    public const int SO_SNDBUF = 7;
    public const int SO_RCVBUF = 8;
    public const int SO_SNDBUFFORCE = 32;
    public const int SO_RCVBUFFORCE = 33;
    public const int SO_REUSEPORT = 15;
    public const int SO_TIMESTAMPING = 37;
    public const int SO_RXQ_OVFL = 40;
    public const int SO_MEMINFO = 55;
    public const int SK_MEMINFO_DROPS = 8;

    public const int IP_TOS = 1;
    public const int IP_TTL = 2;
    public const int IP_PKTINFO = 8;
    public const int IP_MTU_DISCOVER = 10;
    public const int IP_RECVERR = 11;
    public const int IP_RECVTTL = 12;
    public const int IP_RECVTOS = 13;

    public const int IPV6_UNICAST_HOPS = 16;
    public const int IPV6_MTU_DISCOVER = 23;
    public const int IPV6_RECVERR = 25;
    public const int IPV6_RECVPKTINFO = 49;
    public const int IPV6_PKTINFO = 50;
    public const int IPV6_RECVHOPLIMIT = 51;
    public const int IPV6_HOPLIMIT = 52;
    public const int IPV6_RECVTCLASS = 66;
    public const int IPV6_TCLASS = 67;
    public const int IPV6_AUTOFLOWLABEL = 70;

    public const int IP_PMTUDISC_DONT = 0;
    public const int IP_PMTUDISC_DO = 2;
    public const int IP_PMTUDISC_PROBE = 3;

    public const int MSG_TRUNC = 0x20;
    public const int MSG_ERRQUEUE = 0x2000;

    public const int SOF_TIMESTAMPING_TX_SOFTWARE = 1 << 1;
    public const int SOF_TIMESTAMPING_RX_SOFTWARE = 1 << 3;
    public const int SOF_TIMESTAMPING_SOFTWARE = 1 << 4;
    public const int SOF_TIMESTAMPING_OPT_ID = 1 << 7;
    public const int SOF_TIMESTAMPING_OPT_TSONLY = 1 << 11;

    public const int SO_EE_ORIGIN_LOCAL = 1;
    public const int SO_EE_ORIGIN_ICMP = 2;
    public const int SO_EE_ORIGIN_ICMP6 = 3;
    public const int SO_EE_ORIGIN_TIMESTAMPING = 4;
    public const int SCM_TSTAMP_SND = 0;

    public const int ICMP_FILTER = 1;
    public const int ICMP_ECHO = 8;
    public const int ICMP_ECHOREPLY = 0;
    public const int ICMP6_FILTER = 1;
    public const int ICMP6_ECHO_REQUEST = 128;
    public const int ICMP6_ECHO_REPLY = 129;
}
