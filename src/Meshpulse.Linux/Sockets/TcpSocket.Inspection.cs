using Meshpulse.Linux.Interop;
using static Meshpulse.Linux.Interop.SocketConstants;

namespace Meshpulse.Linux.Sockets;

/// <summary>What the kernel knows about the connection.</summary>
public sealed partial class TcpSocket
{
    /// <summary>Bytes that have arrived and were not read, SIOCINQ of tcp(7).</summary>
    public IoResult UnreadBytes() => Query(SIOCINQ);

    /// <summary>Bytes that were given to <see cref="Send"/> and that the peer has not acknowledged, sent or not, SIOCOUTQ of tcp(7).</summary>
    public IoResult UnacknowledgedBytes() => Query(SIOCOUTQ);

    /// <summary>Bytes that were given to <see cref="Send"/> and have not left, SIOCOUTQNSD of linux/sockios.h.</summary>
    public IoResult UnsentBytes() => Query(SIOCOUTQNSD);

    /// <summary>
    /// The kernel's own figures, TCP_INFO of tcp(7). Some 1 us and no allocation; meant for once a second.
    /// </summary>
    /// <returns>False where the socket is closed.</returns>
    public unsafe bool TryGetTcpInfo(out TcpInfoSnapshot info)
    {
        TcpInfo raw = default;
        var length = (uint)sizeof(TcpInfo);
        if (Libc.getsockopt(Descriptor, IPPROTO_TCP, TCP_INFO, &raw, &length) < 0)
        {
            info = default;
            return false;
        }

        info = TcpInfoSnapshot.From(raw);
        return true;
    }

    private unsafe IoResult Query(nuint request)
    {
        int value = 0;
        var result = IoResult.Of(Libc.ioctl(Descriptor, request, &value));
        return result.Ok ? new IoResult(value, Errno.None) : result;
    }
}
