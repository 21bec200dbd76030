using System.Runtime.InteropServices;

namespace Meshpulse.Linux.Interop;

/// <summary>struct termios of bits/termios-struct.h, as glibc has it on x86-64 and arm64.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Termios
{
    public uint c_iflag;
    public uint c_oflag;
    public uint c_cflag;
    public uint c_lflag;
    public byte c_line;

    /// <summary>NCCS of them.</summary>
    public fixed byte c_cc[32];

    public uint c_ispeed;
    public uint c_ospeed;
}
