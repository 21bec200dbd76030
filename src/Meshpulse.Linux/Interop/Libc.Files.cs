using System.Runtime.InteropServices;

namespace Meshpulse.Linux.Interop;

/// <summary>Files and directories, relative to a descriptor where that matters.</summary>
internal static unsafe partial class Libc
{
    // Variadic in C, like the others: the mode is read only with O_CREAT.
    [LibraryImport(Library)]
    public static partial int openat(int directory, byte* path, int flags, uint mode);

    /// <summary>off_t has 64 bits on every platform that this runs on.</summary>
    [LibraryImport(Library)]
    public static partial nint pread(int fd, void* buffer, nuint count, long offset);

    [LibraryImport(Library)]
    public static partial int mkdirat(int directory, byte* path, uint mode);

    [LibraryImport(Library)]
    public static partial int fchmod(int fd, uint mode);

    [LibraryImport(Library)]
    public static partial int statx(int directory, byte* path, int flags, uint mask, Statx* result);

    [LibraryImport(Library)]
    public static partial uint geteuid();

    [LibraryImport(Library)]
    public static partial int pipe2(int* fds, int flags);

    [LibraryImport(Library)]
    public static partial int fcntl(int fd, int command, int argument);
}
