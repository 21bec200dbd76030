using System.Runtime.InteropServices;

namespace Meshpulse.Linux.Interop;

/// <summary>
/// Starting other processes, waiting for them, and signals to them. The attributes and file actions of posix_spawn(3)
/// are opaque: see <see cref="SpawnBuffer"/>. Its functions return their error instead of setting errno.
/// </summary>
internal static unsafe partial class Libc
{
    [LibraryImport(Library)]
    public static partial int kill(int pid, int signal);

    [LibraryImport(Library)]
    public static partial int waitid(int idType, uint id, Siginfo* info, int options);

    [LibraryImport(Library)]
    public static partial int waitpid(int pid, int* status, int options);

    [LibraryImport(Library)]
    public static partial int posix_spawn(int* pid, byte* path, void* fileActions, void* attributes, byte** arguments, byte** environment);

    [LibraryImport(Library)]
    public static partial int posix_spawnattr_init(void* attributes);

    [LibraryImport(Library)]
    public static partial int posix_spawnattr_destroy(void* attributes);

    [LibraryImport(Library)]
    public static partial int posix_spawnattr_setflags(void* attributes, short flags);

    [LibraryImport(Library)]
    public static partial int posix_spawnattr_setsigmask(void* attributes, void* signals);

    [LibraryImport(Library)]
    public static partial int posix_spawnattr_setsigdefault(void* attributes, void* signals);

    [LibraryImport(Library)]
    public static partial int posix_spawn_file_actions_init(void* actions);

    [LibraryImport(Library)]
    public static partial int posix_spawn_file_actions_destroy(void* actions);

    [LibraryImport(Library)]
    public static partial int posix_spawn_file_actions_adddup2(void* actions, int from, int to);

    [LibraryImport(Library)]
    public static partial int posix_spawn_file_actions_addopen(void* actions, int fd, byte* path, int flags, uint mode);

    [LibraryImport(Library)]
    public static partial int sigemptyset(void* signals);

    [LibraryImport(Library)]
    public static partial int sigfillset(void* signals);
}
