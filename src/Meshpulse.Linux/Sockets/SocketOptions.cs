using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using static Meshpulse.Linux.Interop.SocketConstants;

namespace Meshpulse.Linux.Sockets;

/// <summary>Setting and reading the integer options of a socket.</summary>
internal static unsafe class SocketOptions
{
    public static Errno Set(int fd, int level, int option, int value) =>
        Libc.ErrnoOf(Libc.setsockopt(fd, level, option, &value, sizeof(int)));

    public static Errno Get(int fd, int level, int option, out int value)
    {
        int answer = 0;
        uint length = sizeof(int);
        var error = Libc.ErrnoOf(Libc.getsockopt(fd, level, option, &answer, &length));
        value = answer;
        return error;
    }

    /// <summary>Sets all of <paramref name="options"/> but the stamps; stops at the first refusal and names it.</summary>
    public static Errno Apply(int fd, in TcpOptions options, out string refused)
    {
        refused = nameof(TCP_NODELAY);
        var error = Set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
        if (error == Errno.None && options.NotSentLowWater != 0)
        {
            refused = nameof(TCP_NOTSENT_LOWAT);
            error = Set(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, options.NotSentLowWater);
        }

        if (error == Errno.None && options.UserTimeout != Duration.Zero)
        {
            refused = nameof(TCP_USER_TIMEOUT);
            error = Set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, Whole(options.UserTimeout, 1_000_000));
        }

        if (error == Errno.None && options.KeepAliveIdle != Duration.Zero)
        {
            refused = nameof(SO_KEEPALIVE);
            error = Set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
            error = error == Errno.None ? Set(fd, IPPROTO_TCP, TCP_KEEPIDLE, Whole(options.KeepAliveIdle, 1_000_000_000)) : error;
        }

        if (error == Errno.None && options.TypeOfService != 0)
        {
            refused = nameof(DatagramConstants.IP_TOS);
            // An IPv6 socket takes both and means the second; an IPv4 socket refuses that.
            error = Set(fd, IPPROTO_IP, DatagramConstants.IP_TOS, options.TypeOfService);
            _ = Set(fd, IPPROTO_IPV6, DatagramConstants.IPV6_TCLASS, options.TypeOfService);
        }

        return error;
    }

    /// <summary>Rounded up, so that a short positive span does not become 0, which means "the default"; -1 below zero, which the kernel refuses.</summary>
    private static int Whole(Duration span, long unit) => span.Nanoseconds < 0
        ? -1
        : (int)Math.Min(int.MaxValue, (span.Nanoseconds / unit) + (span.Nanoseconds % unit == 0 ? 0 : 1));
}
