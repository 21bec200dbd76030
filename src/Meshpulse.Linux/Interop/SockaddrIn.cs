using System.Runtime.InteropServices;

namespace Meshpulse.Linux.Interop;

/// <summary>struct sockaddr_in, ip(7): an IPv4 address; port and address in network order.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SockaddrIn
{
    public ushort sin_family;
    public ushort sin_port;
    public uint sin_addr;
    public fixed byte sin_zero[8];
}
