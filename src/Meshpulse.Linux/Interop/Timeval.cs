using System.Runtime.InteropServices;

namespace Meshpulse.Linux.Interop;

/// <summary>struct timeval, gettimeofday(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Timeval
{
    public long tv_sec;
    public long tv_usec;
}
