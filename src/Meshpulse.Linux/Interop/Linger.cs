using System.Runtime.InteropServices;

namespace Meshpulse.Linux.Interop;

/// <summary>struct linger, socket(7).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Linger
{
    public int l_onoff;
    public int l_linger;
}
