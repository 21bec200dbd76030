using System.Runtime.InteropServices;

namespace Meshpulse.Linux.Interop;

/// <summary>How the kernel treats the calling thread.</summary>
internal static unsafe partial class Libc
{
    [LibraryImport(Library)]
    public static partial int prctl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport(Library)]
    public static partial int sched_setscheduler(int pid, int policy, SchedParam* parameters);

    [LibraryImport(Library)]
    public static partial int setpriority(int which, uint who, int priority);

    /// <summary>getpriority(2), as the C library returns it: -20 to 19; what is our own can always be read.</summary>
    [LibraryImport(Library)]
    public static partial int getpriority(int which, uint who);

    [LibraryImport(Library)]
    public static partial int mlockall(int flags);

    [LibraryImport(Library)]
    public static partial int munlockall();
}
