using Meshpulse.Core.Time;

namespace Meshpulse.Linux.Sockets;

/// <summary>
/// How a heartbeat connection shall behave, tcp(7) and socket(7). TCP_NODELAY is always on. TCP_QUICKACK is not
/// touched: with frames in both directions every few milliseconds the acknowledgements ride on them for nothing.
/// <para>
/// A listener hands all of these to the connections it accepts (the kernel copies them with the socket), so they hold
/// from the first byte and an accept costs no further calls.
/// </para>
/// </summary>
public readonly record struct TcpOptions
{
    /// <summary>
    /// TCP_NOTSENT_LOWAT in bytes: how much may wait in the kernel unsent before a send would block. 0: no bound but
    /// the send buffer, megabytes of stale heartbeats. See <see cref="KeepFrameBoundaries"/> for how exact it is.
    /// </summary>
    public int NotSentLowWater { get; init; }

    /// <summary>
    /// TCP_USER_TIMEOUT, kept in whole milliseconds: how long sent bytes may stay unacknowledged before the kernel
    /// gives the connection up with ETIMEDOUT. Zero: the system's default, some 15 minutes of retransmissions.
    /// </summary>
    public Duration UserTimeout { get; init; }

    /// <summary>
    /// SO_KEEPALIVE with TCP_KEEPIDLE, kept in whole seconds from 1 to 32767: after how long a silence the kernel
    /// probes the peer. Zero: never. Only of use to a connection on which nothing is sent.
    /// </summary>
    public Duration KeepAliveIdle { get; init; }

    /// <summary>SO_TIMESTAMPNS: ask for the kernel's receive stamps. Refusal is no error: see <see cref="TcpSocket.HasKernelStamps"/>.</summary>
    public bool KernelStamps { get; init; }

    /// <summary>IP_TOS, IPV6_TCLASS, 0 to 255, from the SYN on; see <see cref="UdpOptions.TypeOfService"/>.</summary>
    public int TypeOfService { get; init; }

    /// <summary>
    /// Send each frame with MSG_EOR, so that the kernel never joins it to another.
    /// <para>
    /// Off, the kernel tops up its last unsent buffer without asking for the low-water mark: measured over loopback
    /// against a peer that does not read, a mark of 4096 let 32 to 42 kB wait (1,200 and more small frames, six seconds
    /// of them at 5 ms). On, it let 4116 bytes wait: the mark is exact to one frame.
    /// </para>
    /// <para>
    /// The price: frames that waited leave as one segment each and not as one together, so a long, lossy path whose
    /// congestion window is smaller than its round trip divided by the interval stays behind until the window grows.
    /// </para>
    /// </summary>
    public bool KeepFrameBoundaries { get; init; }

    /// <summary>Stamps on, and the caller's bounds; frames may be joined.</summary>
    public static TcpOptions Heartbeat(int notSentLowWater, Duration userTimeout, Duration keepAliveIdle) => new()
    {
        NotSentLowWater = notSentLowWater,
        UserTimeout = userTimeout,
        KeepAliveIdle = keepAliveIdle,
        KernelStamps = true,
    };
}
