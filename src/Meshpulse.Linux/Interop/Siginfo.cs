using System.Runtime.InteropServices;

namespace Meshpulse.Linux.Interop;

/// <summary>siginfo_t as waitid(2) fills it; the rest of it belongs to other signals.</summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal struct Siginfo
{
    [FieldOffset(0)]
    public int si_signo;

    [FieldOffset(8)]
    public int si_code;

    [FieldOffset(16)]
    public int si_pid;

    [FieldOffset(24)]
    public int si_status;
}
