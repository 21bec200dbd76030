using System.Runtime.InteropServices;

namespace Meshpulse.Linux.Interop;

/// <summary>struct timespec, clock_gettime(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Timespec
{
    public long tv_sec;
    public long tv_nsec;

    /// <summary>Whole nanoseconds; good until the year 2262.</summary>
    public readonly long ToNanoseconds() => (tv_sec * 1_000_000_000) + tv_nsec;

    /// <summary>The kernel wants 0 to 999,999,999 in tv_nsec; so <paramref name="nanoseconds"/> must not be negative.</summary>
    public static Timespec FromNanoseconds(long nanoseconds)
    {
        var seconds = nanoseconds / 1_000_000_000;
        return new Timespec { tv_sec = seconds, tv_nsec = nanoseconds - (seconds * 1_000_000_000) };
    }
}
