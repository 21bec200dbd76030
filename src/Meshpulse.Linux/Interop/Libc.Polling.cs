using System.Runtime.InteropServices;

namespace Meshpulse.Linux.Interop;

/// <summary>Waiting for descriptors: epoll(7) and eventfd(2). Events are raw memory: see <see cref="EpollEventLayout"/>.</summary>
internal static unsafe partial class Libc
{
    [LibraryImport(Library)]
    public static partial int epoll_create1(int flags);

    [LibraryImport(Library)]
    public static partial int epoll_ctl(int epoll, int operation, int fd, byte* epollEvent);

    [LibraryImport(Library)]
    public static partial int epoll_wait(int epoll, byte* events, int capacity, int milliseconds);

    [LibraryImport(Library)]
    public static partial int eventfd(uint initial, int flags);

    /// <summary>
    /// epoll_pwait2(2), Linux 5.11: a timeout in nanoseconds. Called by its number, since an older C library than glibc
    /// 2.35 has no function for it and a missing symbol would throw.
    /// </summary>
    public static int epoll_pwait2(int epoll, byte* events, int capacity, Timespec* timeout) =>
        (int)syscall6(PollConstants.SYS_epoll_pwait2, epoll, (nint)events, capacity, (nint)timeout, 0, 0);

    [LibraryImport(Library, EntryPoint = "syscall")]
    private static partial nint syscall6(nint number, nint a, nint b, nint c, nint d, nint e, nint f);
}
