using System.Runtime.InteropServices;

namespace Meshpulse.Linux.Interop;

/// <summary>struct winsize of sys/ioctl.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Winsize
{
    public ushort ws_row;
    public ushort ws_col;
    public ushort ws_xpixel;
    public ushort ws_ypixel;
}
