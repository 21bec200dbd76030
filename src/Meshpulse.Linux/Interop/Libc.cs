using System.Runtime.InteropServices;

namespace Meshpulse.Linux.Interop;

/// <summary>
/// The C library, under its own names.
/// <para>
/// The problem: a failed call leaves its reason in errno, which belongs to the thread and which anything that runs
/// afterwards may overwrite. The obvious way, <c>SetLastError = true</c>, clears errno before and copies it after
/// <em>every</em> call, though nearly all succeed, and keeps the copy in thread-local storage.
/// What we do: import plain blittable functions and ask <see cref="LastErrno"/> straight after a call has said that it
/// failed. That is one thread-local read on the failing path and nothing on the other; it allocates nothing. It is as
/// safe as the generated code, which reads errno at the same place: where the return of a call has to wait for the
/// garbage collector, the runtime puts errno back before our code runs on.
/// </para>
/// <para>
/// <c>SuppressGCTransition</c> is on clock_gettime(2) alone: it runs in user space for some tens of nanoseconds and never blocks. A
/// collection waits for such a call, so nothing that could take long or sleep may have it, and a send over loopback
/// takes some 4 us, since it runs the receiver's half of the kernel as well.
/// </para>
/// <para>
/// ioctl, prctl and syscall are variadic in C. On Linux, x86-64 and arm64 pass their integer arguments as those of an
/// ordinary function, so the fixed signatures here are right.
/// </para>
/// </summary>
internal static unsafe partial class Libc
{
    private const string Library = "libc";

    /// <summary>Why the call before failed. Only of use straight after a call that reported failure.</summary>
    public static Errno LastErrno() => (Errno)Marshal.GetLastSystemError();

    /// <summary>None for a result that is not negative, else <see cref="LastErrno"/>.</summary>
    public static Errno ErrnoOf(int result) => result >= 0 ? Errno.None : LastErrno();

    [LibraryImport(Library)]
    public static partial int close(int fd);

    [LibraryImport(Library)]
    public static partial nint read(int fd, void* buffer, nuint count);

    [LibraryImport(Library)]
    public static partial nint write(int fd, void* buffer, nuint count);

    [LibraryImport(Library)]
    public static partial int ioctl(int fd, nuint request, int* value);
}
