using System.Runtime.InteropServices;

namespace Meshpulse.Linux.Interop;

/// <summary>struct cmsghdr, cmsg(3): the head of one ancillary message; its data follow at offset 16.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Cmsghdr
{
    public nuint cmsg_len;
    public int cmsg_level;
    public int cmsg_type;
}
