using System.Runtime.InteropServices;

namespace Meshpulse.Linux.Interop;

/// <summary>struct timex, adjtimex(2); the 44 bytes at its end have no names.</summary>
[StructLayout(LayoutKind.Sequential, Size = 208)]
internal struct Timex
{
    public uint modes;
    public long offset;
    public long freq;
    public long maxerror;
    public long esterror;
    public int status;
    public long constant;
    public long precision;
    public long tolerance;
    public Timeval time;
    public long tick;
    public long ppsfreq;
    public long jitter;
    public int shift;
    public long stabil;
    public long jitcnt;
    public long calcnt;
    public long errcnt;
    public long stbcnt;
    public int tai;
}
