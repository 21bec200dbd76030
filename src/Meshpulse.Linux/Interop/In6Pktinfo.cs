using System.Runtime.InteropServices;

namespace Meshpulse.Linux.Interop;

/// <summary>struct in6_pktinfo, ipv6(7): address and interface of one IPv6 datagram.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct In6Pktinfo
{
    public fixed byte ipi6_addr[16];
    public uint ipi6_ifindex;
}
