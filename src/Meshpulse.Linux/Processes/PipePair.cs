using Meshpulse.Linux.Interop;
using Microsoft.Win32.SafeHandles;
using static Meshpulse.Linux.Interop.FileConstants;

namespace Meshpulse.Linux.Processes;

/// <summary>
/// Both ends of a pipe(2), closed unless taken; neither is inherited by a child unless that is asked for. Their numbers are
/// 10 and above, so that a child's first few descriptors can be set one after the other without one hitting another.
/// </summary>
internal sealed unsafe class PipePair : IDisposable
{
    private const int LowestFd = 10;

    private SafeFileHandle? _read;
    private SafeFileHandle? _write;

    /// <exception cref="ProcessStartException">The limit of open files is reached.</exception>
    public PipePair()
    {
        var ends = stackalloc int[2];
        if (Libc.pipe2(ends, O_CLOEXEC) < 0)
        {
            throw new ProcessStartException("pipe", Libc.LastErrno());
        }

        (_read, var readError) = Raise(ends[0]);
        (_write, var writeError) = Raise(ends[1]);
        if (_read is null || _write is null)
        {
            Dispose();
            throw new ProcessStartException("pipe", _read is null ? readError : writeError);
        }
    }

    public int ReadFd => (int)_read!.DangerousGetHandle();

    public int WriteFd => (int)_write!.DangerousGetHandle();

    /// <summary>The reading end, the caller's from now on.</summary>
    public SafePipeHandle TakeRead()
    {
        var taken = new SafePipeHandle(_read!.DangerousGetHandle(), ownsHandle: true);
        _read.SetHandleAsInvalid();
        _read = null;
        return taken;
    }

    /// <summary>The writing end, the caller's from now on.</summary>
    public SafeFileHandle TakeWrite()
    {
        var taken = _write!;
        _write = null;
        return taken;
    }

    public void Dispose()
    {
        _read?.Dispose();
        _write?.Dispose();
    }

    private static (SafeFileHandle? Handle, Errno Error) Raise(int fd)
    {
        var raised = Libc.fcntl(fd, F_DUPFD_CLOEXEC, LowestFd);
        var error = Libc.ErrnoOf(raised);
        _ = Libc.close(fd);
        return (error == Errno.None ? new SafeFileHandle(raised, ownsHandle: true) : null, error);
    }
}
