using System.Runtime.InteropServices;

namespace Meshpulse.Linux.Interop;

/// <summary>struct iovec, readv(2): one stretch of memory.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Iovec
{
    public byte* iov_base;
    public nuint iov_len;
}
