using Meshpulse.Linux.Interop;

namespace Meshpulse.Linux.Sockets;

/// <summary>
/// What a call that moves bytes or events answered: a count, or the reason why there is none. Eight bytes, returned in
/// a register.
/// </summary>
/// <param name="Count">Bytes or events, 0 or more; 0 whenever <paramref name="Error"/> is set.</param>
/// <param name="Error">None where the call succeeded.</param>
public readonly record struct IoResult(int Count, Errno Error)
{
    /// <summary>The call succeeded. For a receive, success with a count of 0 is the end of the stream.</summary>
    public bool Ok => Error == Errno.None;

    /// <summary>Nothing could be moved now; wait for the poller.</summary>
    public bool WouldBlock => Error == Errno.EAGAIN;

    /// <summary>The answer of a C function: -1 with errno set, or a count that fits an int.</summary>
    internal static IoResult Of(nint result) => result >= 0 ? new IoResult((int)result, Errno.None) : new IoResult(0, Libc.LastErrno());

    /// <summary>A refusal.</summary>
    internal static IoResult Failed(Errno error) => new(0, error);
}
