using Meshpulse.Linux.Interop;
using Meshpulse.Wire.Primitives;
using static Meshpulse.Linux.Interop.DatagramConstants;
using static Meshpulse.Linux.Interop.SocketConstants;

namespace Meshpulse.Linux.Sockets;

/// <summary>
/// A UDP socket that never blocks, udp(7), for one thread that probes or answers any number of peers. What it does about
/// stamps and about ICMP errors is told at <see cref="DatagramSocket"/>.
/// <para>
/// Sends go one by one and receives in batches, since that is what was measured to pay: sendmmsg(2) saves nothing and spoils
/// the time of the last datagram by 170 us, recvmmsg(2) takes 64 datagrams for one entry into the kernel.
/// </para>
/// </summary>
public sealed unsafe class UdpSocket : DatagramSocket
{
    private UdpSocket(int fd, in UdpOptions options, UdpStamps stamps)
        : base(fd, options, stamps)
    {
    }

    /// <summary>The one peer of a socket that was connected; else the default value.</summary>
    public NodeEndpoint RemoteEndpoint { get; private set; }

    /// <summary>SO_RCVBUF as the kernel holds it: twice what was asked for, within its bounds. 0 once closed.</summary>
    public int ReceiveBuffer => SocketOptions.Get(Descriptor, SOL_SOCKET, SO_RCVBUF, out var bytes) == Errno.None ? bytes : 0;

    /// <summary>Makes a bound socket.</summary>
    /// <param name="local">
    /// Address and port: an unspecified address takes what comes to any of this host's, port 0 takes a free one. It also
    /// chooses the family: <c>[::]</c> takes no IPv4.
    /// </param>
    /// <param name="options">What to set.</param>
    /// <exception cref="SocketSetupException">The address is in use, not of this host or not permitted; or an option was refused.</exception>
    public static UdpSocket Open(NodeEndpoint local, in UdpOptions options)
    {
        var fd = Libc.socket(SocketAddress.FamilyOf(local), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP);
        if (fd < 0)
        {
            throw new SocketSetupException(local.ToString(), Libc.LastErrno());
        }

        if (local.IsV6)
        {
            // It can't fail on a fresh socket; and a raw one refuses it, so it is not among the options of both.
            _ = SocketOptions.Set(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
        }

        return new UdpSocket(fd, options, SetUp(fd, local, options));
    }

    /// <summary>
    /// Fixes the peer, connect(2): <see cref="Send(ReadOnlySpan{byte})"/> then needs no address, what others send is not
    /// received, and <see cref="DatagramSocket.LocalEndpoint"/> tells the address that the route chose.
    /// </summary>
    /// <returns>ENETUNREACH, EHOSTUNREACH and the like where there is no route, EAFNOSUPPORT for the other family.</returns>
    public Errno ConnectTo(NodeEndpoint remote)
    {
        SocketAddress.From(remote, out var address);
        var error = Libc.ErrnoOf(Libc.connect(Descriptor, SocketAddress.Pointer(ref address), address.Length));
        if (error == Errno.None)
        {
            RemoteEndpoint = remote;
            LocalEndpoint = SocketAddress.OfSocket(Descriptor);
        }

        return error;
    }

    /// <summary>
    /// Sends to the peer of <see cref="ConnectTo"/>. Where an ICMP error is pending it is this peer's, and the result is that
    /// error: nothing was sent. EDESTADDRREQ (89) where there is no peer.
    /// </summary>
    public IoResult Send(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* buffer = bytes)
        {
            return IoResult.Of(Libc.send(Descriptor, buffer, (nuint)bytes.Length, MSG_DONTWAIT | MSG_NOSIGNAL));
        }
    }

    /// <summary>Sends one datagram, of 0 bytes or more, from the address that the socket is bound to or the route chooses.</summary>
    /// <returns>
    /// The length; or why this host did not send it: EAGAIN (the send buffer is full), ENETUNREACH, EHOSTUNREACH (no route),
    /// EMSGSIZE (longer than 65,507 bytes, or than <see cref="FragmentPolicy"/> allows), EPERM (a firewall here), EINVAL (port 0),
    /// ENOBUFS, EAFNOSUPPORT or ENETUNREACH (the other family).
    /// </returns>
    public IoResult SendTo(ReadOnlySpan<byte> bytes, NodeEndpoint remote) => Send(default, bytes, remote, default);

    /// <summary>The same, from an address of one's choice: an answer must come from the address that was asked.</summary>
    /// <param name="bytes">The datagram.</param>
    /// <param name="remote">Where to.</param>
    /// <param name="fromAddress">An address of this host (else EINVAL or ENETUNREACH); its port does not matter; unspecified leaves it to the route.</param>
    /// <returns>As above.</returns>
    public IoResult SendTo(ReadOnlySpan<byte> bytes, NodeEndpoint remote, NodeEndpoint fromAddress) =>
        Send(default, bytes, remote, fromAddress);

    /// <summary>
    /// The same, asking when it left: the stamp, taken as the datagram is handed to the device, comes by
    /// <see cref="DatagramSocket.ReceiveErrors"/> (at some 800 ns a stamp). Some devices never say; expect gaps,
    /// and do not believe a stamp from before the send.
    /// </summary>
    /// <param name="bytes">The datagram.</param>
    /// <param name="remote">Where to.</param>
    /// <param name="fromAddress">Unspecified leaves it to the route.</param>
    /// <param name="stampId">
    /// Counts up from 0, modulo 2^32: the <see cref="UdpError.StampId"/> to come. Means nothing where the send failed or
    /// <see cref="DatagramSocket.Stamps"/> is not ReceiveAndSend.
    /// </param>
    /// <returns>As above.</returns>
    public IoResult SendStamped(ReadOnlySpan<byte> bytes, NodeEndpoint remote, NodeEndpoint fromAddress, out uint stampId) =>
        SendStamped(default, bytes, remote, fromAddress, out stampId);

    /// <summary>Takes as many datagrams as wait and fit into the batch, recvmmsg(2).</summary>
    /// <returns>How many came; EAGAIN where none waits; another error is the pending error of a datagram of ours.</returns>
    public IoResult ReceiveBatch(UdpBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return ReceiveInto(batch);
    }
}
