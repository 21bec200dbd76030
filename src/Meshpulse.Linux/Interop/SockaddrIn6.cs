using System.Runtime.InteropServices;

namespace Meshpulse.Linux.Interop;

/// <summary>struct sockaddr_in6, ipv6(7): an IPv6 address; port and address in network order.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SockaddrIn6
{
    public ushort sin6_family;
    public ushort sin6_port;
    public uint sin6_flowinfo;
    public fixed byte sin6_addr[16];
    public uint sin6_scope_id;
}
