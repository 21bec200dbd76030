using System.Runtime.InteropServices;

namespace Meshpulse.Linux.Interop;

/// <summary>Clocks and sleeping.</summary>
internal static unsafe partial class Libc
{
    [LibraryImport(Library)]
    [SuppressGCTransition]
    public static partial int clock_gettime(int clock, Timespec* time);

    /// <summary>clock_nanosleep(2); unlike the rest it <em>returns</em> its error number and leaves errno alone.</summary>
    [LibraryImport(Library)]
    public static partial int clock_nanosleep(int clock, int flags, Timespec* request, Timespec* remaining);

    [LibraryImport(Library)]
    public static partial int adjtimex(Timex* status);
}
