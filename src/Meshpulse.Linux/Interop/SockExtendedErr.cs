using System.Runtime.InteropServices;

namespace Meshpulse.Linux.Interop;

/// <summary>struct sock_extended_err, ip(7): one entry of a socket's error queue; the offender's sockaddr follows it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SockExtendedErr
{
    public uint ee_errno;
    public byte ee_origin;
    public byte ee_type;
    public byte ee_code;
    public byte ee_pad;
    public uint ee_info;
    public uint ee_data;
}
