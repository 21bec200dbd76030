using System.Runtime.InteropServices;
using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("linux")]

namespace Meshpulse.Linux.Tests.Interop;

/// <summary>Calls that only tests make, to bring about what the room must stand.</summary>
internal static class TestCalls
{
    /// <summary>SIGWINCH: ignored by default, so harmless where no handler is installed.</summary>
    public const int SIGWINCH = 28;

    [DllImport("libc")]
    public static extern int dup(int fd);

    [DllImport("libc")]
    public static extern int close(int fd);

    [DllImport("libc")]
    public static extern int gettid();

    [DllImport("libc")]
    public static extern int tgkill(int process, int thread, int signal);

    /// <summary>RLIMIT_NICE of sys/resource.h; the figure is 20 minus the lowest nice value that is allowed.</summary>
    public static bool SetNiceLimit(ulong limit)
    {
        ulong[] both = [limit, limit];
        return setrlimit(13, both) == 0;
    }

    [DllImport("libc")]
    private static extern int setrlimit(int resource, ulong[] limit);

    [DllImport("libc")]
    private static extern nint syscall(nint number, nint a, nint b, nint c);

    /// <summary>
    /// Makes the calling thread, and no other, that of user 65534: the C library's function would change them all. With
    /// the user go the thread's capabilities.
    /// </summary>
    public static bool DropPrivileges() =>
        syscall(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 117 : 147, -1, 65534, -1) == 0;
}
