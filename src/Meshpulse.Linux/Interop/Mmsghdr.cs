using System.Runtime.InteropServices;

namespace Meshpulse.Linux.Interop;

/// <summary>struct mmsghdr, recvmmsg(2): a message and how many bytes of it came.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Mmsghdr
{
    public Msghdr msg_hdr;
    public uint msg_len;
}
