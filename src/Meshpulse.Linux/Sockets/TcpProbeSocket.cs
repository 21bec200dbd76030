using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Wire.Primitives;
using static Meshpulse.Linux.Interop.DatagramConstants;
using static Meshpulse.Linux.Interop.SocketConstants;

namespace Meshpulse.Linux.Sockets;

/// <summary>
/// One attempt at a TCP connection with a TTL of one's choice, from a source port of one's choice: a SYN that a router on the way lets
/// run out. No privilege is needed.
/// <para>
/// The ICMP error comes to the socket's error queue with its sender and its arrival's stamp, as for UDP: since Linux 5.8 a connection that
/// is being made has one, with IP_RECVERR. (Before, the attempt fails with EHOSTUNREACH and nobody says who sent the error.) The kernel
/// believes an error only where it quotes the SYN's sequence number, which it chose anew for every attempt.
/// </para>
/// <para>
/// The kernel sends a SYN again after a second: close before. Two attempts with the same four addresses and ports can't be under way at
/// once (EADDRNOTAVAIL). The port is shared by SO_REUSEADDR: <see cref="Reserve"/> keeps the kernel from giving
/// it to others between two attempts.
/// </para>
/// </summary>
public sealed unsafe class TcpProbeSocket : PollableSocket
{
    private readonly SendStampIds _noStamps = new();

    private TcpProbeSocket(int fd)
        : base(fd) => LocalEndpoint = SocketAddress.OfSocket(fd);

    /// <summary>The address and port at this end; the address is unspecified where the route has not chosen it.</summary>
    public NodeEndpoint LocalEndpoint { get; }

    /// <summary>Takes a port and does nothing with it.</summary>
    /// <param name="local">An address of this host or an unspecified one; port 0 for a free one.</param>
    /// <exception cref="SocketSetupException">There is none to be had.</exception>
    public static TcpProbeSocket Reserve(NodeEndpoint local)
    {
        var fd = Open(local, out var error);
        return error == Errno.None ? new TcpProbeSocket(fd) : throw new SocketSetupException(local.ToString(), error);
    }

    /// <summary>Sends a SYN.</summary>
    /// <param name="local">An endpoint that was reserved.</param>
    /// <param name="remote">Whom to call.</param>
    /// <param name="timeToLive">TTL or hop limit, 1 to 255 (else EINVAL).</param>
    /// <param name="error">Why there is none: no route, a firewall here, the last attempt is not over.</param>
    /// <returns>Null where this host refused. What becomes of it says <see cref="Outcome"/>, at once for a target on this host.</returns>
    public static TcpProbeSocket? Call(NodeEndpoint local, NodeEndpoint remote, int timeToLive, out Errno error)
    {
        var fd = Open(local, out error);
        if (error != Errno.None)
        {
            return null;
        }

        error = SetUp(fd, local.IsV6, timeToLive);
        if (error == Errno.None)
        {
            SocketAddress.From(remote, out var address);
            error = Libc.ErrnoOf(Libc.connect(fd, SocketAddress.Pointer(ref address), address.Length));
        }

        if (error is Errno.None or Errno.EINPROGRESS)
        {
            error = Errno.None;
            return new TcpProbeSocket(fd);
        }

        _ = Libc.close(fd);
        return null;
    }

    /// <summary>
    /// How it went: None where the other side accepted, EINPROGRESS while nothing is decided, ECONNREFUSED where it refused, and what an
    /// ICMP error amounts to. An error is told once; take the error queue first.
    /// </summary>
    public Errno Outcome()
    {
        var failed = SocketOptions.Get(Descriptor, SOL_SOCKET, SO_ERROR, out var pending);
        if (failed != Errno.None || pending != 0)
        {
            return failed != Errno.None ? failed : (Errno)pending;
        }

        SocketAddress address = default;
        var length = SocketAddress.Capacity;
        var error = Libc.ErrnoOf(Libc.getpeername(Descriptor, SocketAddress.Pointer(ref address), &length));
        return error == Errno.ENOTCONN ? Errno.EINPROGRESS : error;
    }

    /// <summary>From the SYN to its answer by the kernel's own clock (TCP_INFO, microseconds); null where none was accepted.</summary>
    public Duration? HandshakeTime()
    {
        TcpInfo info = default;
        var length = (uint)sizeof(TcpInfo);
        var isKnown = Libc.getsockopt(Descriptor, IPPROTO_TCP, TCP_INFO, &info, &length) == 0 && info.tcpi_rtt > 0;
        return isKnown ? Duration.FromMicroseconds(info.tcpi_rtt) : null;
    }

    /// <summary>Takes the error queue, as <see cref="DatagramSocket.ReceiveErrors"/>; what came back begins with the TCP header.</summary>
    public IoResult ReceiveErrors(UdpErrorBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return batch.Receive(Descriptor, _noStamps);
    }

    /// <summary>Closes with a reset, so that nothing of it is left at either side.</summary>
    public void Abort()
    {
        var linger = new Linger { l_onoff = 1, l_linger = 0 };
        _ = Libc.setsockopt(Descriptor, SOL_SOCKET, SO_LINGER, &linger, (uint)sizeof(Linger));
        Dispose();
    }

    private static int Open(NodeEndpoint local, out Errno error)
    {
        var fd = Libc.socket(SocketAddress.FamilyOf(local), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
        error = Libc.ErrnoOf(fd);
        if (error != Errno.None)
        {
            return -1;
        }

        if (local.IsV6)
        {
            _ = SocketOptions.Set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
        }

        SocketAddress.From(local, out var address);
        error = SocketOptions.Set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
        error = error == Errno.None ? Libc.ErrnoOf(Libc.bind(fd, SocketAddress.Pointer(ref address), address.Length)) : error;
        if (error == Errno.None)
        {
            return fd;
        }

        _ = Libc.close(fd);
        return -1;
    }

    private static Errno SetUp(int fd, bool isV6, int timeToLive)
    {
        if (timeToLive is < 1 or > 255)
        {
            return Errno.EINVAL;
        }

        _ = DatagramOptions.EnableStamps(fd, UdpStamps.Receive);
        var (level, errors, replies, limit) = isV6
            ? (IPPROTO_IPV6, IPV6_RECVERR, IPV6_RECVHOPLIMIT, IPV6_UNICAST_HOPS)
            : (IPPROTO_IP, IP_RECVERR, IP_RECVTTL, IP_TTL);
        _ = SocketOptions.Set(fd, level, replies, 1);
        if (isV6)
        {
            // Else every socket has a flow label of its own, by which routers may send each attempt another way (RFC 6437).
            _ = SocketOptions.Set(fd, level, IPV6_AUTOFLOWLABEL, 0);
        }

        var error = SocketOptions.Set(fd, level, errors, 1);
        return error == Errno.None ? SocketOptions.Set(fd, level, limit, timeToLive) : error;
    }
}
