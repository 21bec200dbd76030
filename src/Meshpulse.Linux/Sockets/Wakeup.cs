using Meshpulse.Linux.Interop;
using static Meshpulse.Linux.Interop.PollConstants;

namespace Meshpulse.Linux.Sockets;

/// <summary>
/// A bell that any thread may ring to end a <see cref="Poller.Wait"/> early, eventfd(2). Ringing takes a lock and some
/// 1 us: not for the probing thread itself, which only ever answers.
/// </summary>
public sealed unsafe class Wakeup : IDisposable
{
    // Without it a signal could be written into whatever got the descriptor's number after a dispose.
    private readonly Lock _gate = new();
    private int _fd;

    /// <summary>Makes one that has not rung.</summary>
    /// <exception cref="SocketSetupException">The limit of open files is reached.</exception>
    public Wakeup()
    {
        _fd = Libc.eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (_fd < 0)
        {
            throw new SocketSetupException("eventfd", Libc.LastErrno());
        }
    }

    internal int Descriptor => _fd;

    /// <summary>Rings. Many rings before an answer are one. Does nothing after disposal. Any thread.</summary>
    public void Signal()
    {
        lock (_gate)
        {
            ulong one = 1;
            _ = Libc.write(_fd, &one, sizeof(ulong));
        }
    }

    /// <summary>Answers all rings so far; false where there were none. The polling thread only; takes no lock.</summary>
    public bool Drain()
    {
        ulong count = 0;
        return Libc.read(_fd, &count, sizeof(ulong)) == sizeof(ulong);
    }

    /// <summary>Closes; any number of times. Only once the polling thread has stopped or removed it.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            var fd = _fd;
            _fd = -1;
            if (fd >= 0)
            {
                _ = Libc.close(fd);
            }
        }
    }
}
