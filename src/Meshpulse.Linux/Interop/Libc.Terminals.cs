using System.Runtime.InteropServices;

namespace Meshpulse.Linux.Interop;

/// <summary>Terminals.</summary>
internal static unsafe partial class Libc
{
    // Variadic in C; on Linux the third argument of this call goes where any third argument does.
    [LibraryImport(Library, SetLastError = true)]
    public static partial int ioctl(int fd, nuint request, Winsize* size);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int tcgetattr(int fd, Termios* settings);

    [LibraryImport(Library, SetLastError = true)]
    public static partial int tcsetattr(int fd, int when, Termios* settings);
}
