using Meshpulse.Linux.Interop;

namespace Meshpulse.Linux.Sockets;

/// <summary>
/// A descriptor that a <see cref="Sockets.Poller"/> can watch, owned by one thread.
/// <para>
/// A descriptor's number is handed to the next socket as soon as it is closed, so a call on a stale one reaches a
/// stranger's connection. The usual guard, SafeHandle, counts references with two interlocked operations a call. Here
/// one thread owns a socket, and closing takes the number out of the object for good: what comes later is asked of
/// descriptor -1 and answered EBADF. Only <see cref="Dispose"/> may come from elsewhere, and only when the owner has
/// stopped. There is no finaliser: whoever drops a socket unclosed leaks it, visibly, in /proc/self/fd.
/// </para>
/// </summary>
public abstract class PollableSocket : IDisposable
{
    private int _fd;

    private protected PollableSocket(int fd) => _fd = fd;

    /// <summary>True once the descriptor was given back.</summary>
    public bool IsClosed => _fd < 0;

    /// <summary>The number to hand to the kernel: -1, which it answers with EBADF, once closed.</summary>
    internal int Descriptor => _fd;

    /// <summary>The poller that watches this socket, which must forget it before the number becomes free.</summary>
    internal Poller? Poller { get; set; }

    /// <summary>Leaves the poller and closes; any number of times. Never throws.</summary>
    public void Dispose()
    {
        // Explicitly, though closing normally does it: a child process between fork and exec holds a copy of the
        // descriptor, and while one exists the poller would go on reporting a socket that is gone.
        _ = Poller?.Remove(this);
        var fd = Interlocked.Exchange(ref _fd, -1);
        if (fd >= 0)
        {
            // Whatever it returns, the number is free: close(2) must not be asked twice, EINTR included.
            _ = Libc.close(fd);
        }

        GC.SuppressFinalize(this);
    }
}
