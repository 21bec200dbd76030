using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Wire.Primitives;
using static Meshpulse.Linux.Interop.SocketConstants;

namespace Meshpulse.Linux.Sockets;

/// <summary>
/// A TCP socket that never blocks: a listener, or one heartbeat connection.
/// <para>
/// <b>Receive stamps.</b> The problem: a heartbeat's arrival must not include the time until this thread came round to
/// reading it. So the kernel is asked for the arrival's wall time with every read. What was found on Linux 6.18, each
/// point held by a test (<c>KernelStampTests</c>):
/// </para>
/// <list type="number">
/// <item>SO_TIMESTAMPNS and SO_TIMESTAMPING (RX_SOFTWARE with SOFTWARE) both work on TCP, as ancillary data of recvmsg(2).
/// The first is used: a third of the data and no flags. Its cost is within the noise of the read itself.</item>
/// <item>A stamp is taken as the segment arrives, some microseconds after the send on loopback, however late the read.</item>
/// <item>Stamping is one switch for the whole machine, thrown a moment after the first socket asks. A segment that came
/// before has <em>no</em> stamp; UDP would invent one at the read, TCP does not. So a missing stamp is normal at the
/// start of the first connection and there is no wrong one to discard. While any listener of ours is open, the switch
/// stays on.</item>
/// <item>Accepted connections inherit the option from the listener, which is why it is set there: set after accept(2), the
/// first frames may already be queued without stamps.</item>
/// <item>A read of several segments gets one stamp, the newest segment's: right for the last frame of the read, an upper
/// bound for those before. A read of fewer bytes than are queued gets either its own segment's stamp or that of a
/// later one that the kernel merged it with; which, depends on whether the sender's copy was already acknowledged. So
/// read into a buffer larger than what can have come, and trust the stamp for the last frame only. A network card's
/// receive offload merges likewise.</item>
/// </list>
/// </summary>
public sealed partial class TcpSocket : PollableSocket
{
    private readonly int _sendFlags;

    private TcpSocket(int fd, NodeEndpoint remote, bool hasKernelStamps, int sendFlags)
        : base(fd)
    {
        _sendFlags = sendFlags;
        RemoteEndpoint = remote;
        HasKernelStamps = hasKernelStamps;
        LocalEndpoint = SocketAddress.OfSocket(fd);
    }

    /// <summary>The address and port at this end, as they were when the socket was made; kept after closing.</summary>
    public NodeEndpoint LocalEndpoint { get; private set; }

    /// <summary>The address and port at the other end; the default value for a listener; kept after closing.</summary>
    public NodeEndpoint RemoteEndpoint { get; }

    /// <summary>True where the kernel agreed to stamp what arrives. A single read may still have no stamp.</summary>
    public bool HasKernelStamps { get; }

    /// <summary>
    /// Says goodbye and closes: what was sent still goes out, then FIN. The kernel sends a reset instead where received
    /// bytes were never read, and forgets what it could not send within its retransmissions.
    /// </summary>
    public void ShutdownAndClose()
    {
        _ = Libc.shutdown(Descriptor, SHUT_WR);
        Dispose();
    }

    /// <summary>Ends this end's sending (FIN) and goes on receiving, shutdown(2) with SHUT_WR.</summary>
    public Errno ShutdownSend() => Libc.ErrnoOf(Libc.shutdown(Descriptor, SHUT_WR));

    /// <summary>Closes with a reset (SO_LINGER of zero): unsent bytes are dropped, the peer sees ECONNRESET.</summary>
    public unsafe void Abort()
    {
        var linger = new Linger { l_onoff = 1, l_linger = 0 };
        _ = Libc.setsockopt(Descriptor, SOL_SOCKET, SO_LINGER, &linger, (uint)sizeof(Linger));
        Dispose();
    }
}
