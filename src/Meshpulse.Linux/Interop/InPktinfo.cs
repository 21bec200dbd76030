using System.Runtime.InteropServices;

namespace Meshpulse.Linux.Interop;

/// <summary>struct in_pktinfo, ip(7): interface and addresses of one IPv4 datagram; addresses in network order.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct InPktinfo
{
    public int ipi_ifindex;
    public uint ipi_spec_dst;
    public uint ipi_addr;
}
