using System.Runtime.InteropServices;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Timing;
using static Meshpulse.Linux.Interop.PollConstants;

namespace Meshpulse.Linux.Sockets;

/// <summary>
/// Waits for many sockets at once, epoll(7), level-triggered: what was not taken is reported again, so a bounded amount
/// of work per round loses nothing. One thread uses it. The probing path is <see cref="Wait"/> and <see cref="Modify"/>;
/// neither allocates, throws or takes a lock.
/// <para>
/// An event carries the caller's token, not the socket. Events of one wait were gathered together, so where the first
/// makes the caller close a socket and open another under the same token, a later one in the same batch may still mean
/// the old: give a token out again only after the batch.
/// </para>
/// </summary>
public sealed unsafe class Poller : IDisposable
{
    private readonly int _capacity;
    private int _fd;
    private byte* _events;

    /// <summary>Makes an empty one.</summary>
    /// <param name="capacity">The most events of one wait, from 1; more are reported by the next.</param>
    /// <exception cref="SocketSetupException">The limit of open files or of epoll watches is reached.</exception>
    public Poller(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _fd = Libc.epoll_create1(EPOLL_CLOEXEC);
        if (_fd < 0)
        {
            throw new SocketSetupException("epoll", Libc.LastErrno());
        }

        _capacity = capacity;
        _events = (byte*)NativeMemory.AllocZeroed((nuint)capacity, (nuint)EpollEventLayout.Size);
    }

    /// <summary>False once the kernel has refused epoll_pwait2(2), and in tests of how we do without.</summary>
    internal bool HasNanosecondWait { get; set; } = true;

    /// <summary>Begins to watch a socket; closing the socket ends it. EEXIST where it is watched already, EBUSY where by another poller.</summary>
    public Errno Add(PollableSocket socket, int token, PollInterest interest)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (socket.Poller is not null && !ReferenceEquals(socket.Poller, this))
        {
            // It could only tell one of them when it closes.
            return Errno.EBUSY;
        }

        var error = Control(EPOLL_CTL_ADD, socket.Descriptor, token, EventsOf(interest));
        if (error == Errno.None)
        {
            socket.Poller = this;
        }

        return error;
    }

    /// <summary>Begins to watch a bell for reading.</summary>
    public Errno Add(Wakeup wakeup, int token)
    {
        ArgumentNullException.ThrowIfNull(wakeup);
        return Control(EPOLL_CTL_ADD, wakeup.Descriptor, token, EPOLLIN);
    }

    /// <summary>Changes token and interest of a watched socket; ENOENT where it is not watched, EBADF where it is closed.</summary>
    public Errno Modify(PollableSocket socket, int token, PollInterest interest) =>
        Control(EPOLL_CTL_MOD, socket.Descriptor, token, EventsOf(interest));

    /// <summary>Ends the watching; ENOENT where it was not watched, EBADF where it is closed.</summary>
    public Errno Remove(PollableSocket socket)
    {
        ArgumentNullException.ThrowIfNull(socket);
        if (ReferenceEquals(socket.Poller, this))
        {
            socket.Poller = null;
        }

        return Control(EPOLL_CTL_DEL, socket.Descriptor, 0, 0);
    }

    /// <summary>
    /// Waits until a watched socket has something to report or the time is over, through any signals.
    /// </summary>
    /// <param name="events">Receives as many as fit in it and in the capacity; EINVAL where it is empty.</param>
    /// <param name="timeout">
    /// Zero or less: just look. Kept to the nanosecond but for the thread's timer slack (whole milliseconds, rounded
    /// up, before Linux 5.11); <see cref="Duration.MaxValue"/> waits for ever.
    /// </param>
    /// <returns>How many events there are, 0 when the time is over; EBADF after disposal.</returns>
    public IoResult Wait(Span<PollEvent> events, Duration timeout)
    {
        var room = Math.Min(_capacity, events.Length);
        var result = timeout <= Duration.Zero
            ? IoResult.Of(Libc.epoll_wait(_fd, _events, room, 0))
            : WaitUntil(room, DeadlineAfter(timeout));

        for (var i = 0; i < result.Count; i++)
        {
            events[i] = new PollEvent(EpollEventLayout.TokenAt(_events, i), EpollEventLayout.EventsAt(_events, i));
        }

        return result;
    }

    /// <summary>Closes; any number of times. The sockets stay open and are merely no longer watched.</summary>
    public void Dispose()
    {
        var fd = Interlocked.Exchange(ref _fd, -1);
        if (fd < 0)
        {
            return;
        }

        _ = Libc.close(fd);
        NativeMemory.Free(_events);
        _events = null;
    }

    private IoResult WaitUntil(int room, MonoTime deadline)
    {
        while (true)
        {
            // Saturated below: an interruption may come back after the deadline.
            var rest = Duration.Max(deadline - SystemClocks.Mono(), Duration.Zero);
            var result = HasNanosecondWait ? WaitNanoseconds(room, rest) : WaitMilliseconds(room, rest);
            if (HasNanosecondWait && result.Error is Errno.ENOSYS or Errno.EPERM)
            {
                // An old kernel, or a sandbox that does not know the call.
                HasNanosecondWait = false;
            }
            else if (result.Error != Errno.EINTR && (result.Count > 0 || !result.Ok || SystemClocks.Mono() >= deadline))
            {
                return result;
            }
        }
    }

    private IoResult WaitNanoseconds(int room, Duration rest)
    {
        var timeout = Timespec.FromNanoseconds(rest.Nanoseconds);
        return IoResult.Of(Libc.epoll_pwait2(_fd, _events, room, &timeout));
    }

    private IoResult WaitMilliseconds(int room, Duration rest)
    {
        var milliseconds = Math.Min(int.MaxValue, (rest.Nanoseconds / 1_000_000) + (rest.Nanoseconds % 1_000_000 == 0 ? 0 : 1));
        return IoResult.Of(Libc.epoll_wait(_fd, _events, room, (int)milliseconds));
    }

    private Errno Control(int operation, int fd, int token, uint events)
    {
        var epollEvent = stackalloc byte[16];
        EpollEventLayout.Write(epollEvent, events, token);
        return Libc.ErrnoOf(Libc.epoll_ctl(_fd, operation, fd, epollEvent));
    }

    /// <summary>EPOLLRDHUP only with Read: level-triggered, it would wake a caller for ever who does not want to read.</summary>
    private static uint EventsOf(PollInterest interest)
    {
        // Not HasFlag, which boxes both values until the JIT optimises this method.
        var read = (interest & PollInterest.Read) != PollInterest.None ? EPOLLIN | EPOLLRDHUP : 0;
        var write = (interest & PollInterest.Write) != PollInterest.None ? EPOLLOUT : 0;
        return read | write;
    }

    private static MonoTime DeadlineAfter(Duration timeout)
    {
        var now = SystemClocks.Mono();
        return timeout >= MonoTime.Never - now ? MonoTime.Never : now + timeout;
    }
}
