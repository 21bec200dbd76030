using System.Runtime.InteropServices;

namespace Meshpulse.Linux.Interop;

/// <summary>Sockets: section 2 of the manual, socket(2) and those it refers to.</summary>
internal static unsafe partial class Libc
{
    [LibraryImport(Library)]
    public static partial int socket(int domain, int type, int protocol);

    [LibraryImport(Library)]
    public static partial int bind(int fd, void* address, uint length);

    [LibraryImport(Library)]
    public static partial int listen(int fd, int backlog);

    [LibraryImport(Library)]
    public static partial int accept4(int fd, void* address, uint* length, int flags);

    [LibraryImport(Library)]
    public static partial int connect(int fd, void* address, uint length);

    [LibraryImport(Library)]
    public static partial nint send(int fd, byte* buffer, nuint length, int flags);

    [LibraryImport(Library)]
    public static partial nint sendto(int fd, void* buffer, nuint length, int flags, void* address, uint addressLength);

    [LibraryImport(Library)]
    public static partial nint sendmsg(int fd, Msghdr* message, int flags);

    [LibraryImport(Library)]
    public static partial int recvmmsg(int fd, Mmsghdr* messages, uint count, int flags, Timespec* timeout);

    [LibraryImport(Library)]
    public static partial nint recvmsg(int fd, Msghdr* message, int flags);

    [LibraryImport(Library)]
    public static partial int setsockopt(int fd, int level, int option, void* value, uint length);

    [LibraryImport(Library)]
    public static partial int getsockopt(int fd, int level, int option, void* value, uint* length);

    [LibraryImport(Library)]
    public static partial int getsockname(int fd, void* address, uint* length);

    [LibraryImport(Library)]
    public static partial int getpeername(int fd, void* address, uint* length);

    [LibraryImport(Library)]
    public static partial int shutdown(int fd, int how);
}
