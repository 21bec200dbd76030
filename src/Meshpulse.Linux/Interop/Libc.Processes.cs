using System.Runtime.InteropServices;

namespace Meshpulse.Linux.Interop;

/// <summary>Signals to other processes.</summary>
internal static unsafe partial class Libc
{
    [LibraryImport(Library)]
    public static partial int kill(int pid, int signal);
}
