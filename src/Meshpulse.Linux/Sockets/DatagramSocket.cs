using System.Runtime.CompilerServices;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;
using static Meshpulse.Linux.Interop.DatagramConstants;
using static Meshpulse.Linux.Interop.SocketConstants;

namespace Meshpulse.Linux.Sockets;

/// <summary>
/// What <see cref="UdpSocket"/> and <see cref="IcmpSocket"/> share: stamps, the error queue, sends that survive other
/// datagrams' errors.
/// <para>
/// <b>Pending errors.</b> The problem: one socket probes thousands of targets, and an ICMP error about one of them (a port
/// without a listener, an unreachable host) is handed to whatever call comes next on the socket, as if <em>that</em> had
/// failed. A send is then not carried out at all, to a target that has nothing to do with it: a loss that never was on
/// the network. The obvious way, not to ask for ICMP errors (an unconnected socket then never sees one), throws away the
/// best evidence there is. What we do: ask for them (IP_RECVERR), take the details from the error queue where each names
/// its own target, and repeat a call that failed with an error that ICMP can cause. The failed call has consumed the
/// pending error, so a second failure is the datagram's own. The price is a second try for sends that this host itself
/// refuses (no route), and a second entry in the error queue where it refuses them as too large.
/// </para>
/// <para>
/// <b>Stamps.</b> SO_TIMESTAMPING is used and not SO_TIMESTAMPNS, since the latter makes a time up as the datagram is read
/// where none was taken on arrival (2 ms late when measured), and that cannot be told from a true one. The machine begins to
/// stamp a moment after the first socket asks: until then arrivals have no stamp.
/// </para>
/// <para>
/// <b>Send stamp ids.</b> Which send a stamp belongs to is told by <see cref="SendStampIds"/>.
/// </para>
/// <para>
/// The error queue uses up the receive buffer. Whoever asks for errors or send stamps must empty it, see
/// <see cref="PollEvent.Error"/>, or arrivals are dropped. Nothing here allocates, blocks or throws once the socket is made.
/// </para>
/// </summary>
public abstract unsafe class DatagramSocket : PollableSocket
{
    // More can come than are consumed where someone floods us with ICMP errors; the caller shall get its thread back.
    private const int MostPending = 4;

    private readonly bool _reportsErrors;
    private readonly SendStampIds _stampIds = new();

    private protected DatagramSocket(int fd, in UdpOptions options, UdpStamps stamps)
        : base(fd)
    {
        _reportsErrors = options.ReportErrors;
        Stamps = stamps;
        LocalEndpoint = SocketAddress.OfSocket(fd);
    }

    /// <summary>The address and port at this end, as they were when the socket was made; kept after closing.</summary>
    public NodeEndpoint LocalEndpoint { get; private protected set; }

    /// <summary>Which stamps the kernel agreed to.</summary>
    public UdpStamps Stamps { get; }

    /// <summary>How many calls were repeated since they met the error of another datagram. Each is in the error queue as well.</summary>
    public long PendingErrors { get; private set; }

    /// <summary>
    /// Takes send stamps and errors from the error queue, recvmmsg(2) with MSG_ERRQUEUE. It empties the queue where it brings
    /// fewer than the batch has room for.
    /// </summary>
    /// <returns>How many came; EAGAIN where there are none, EBADF after closing.</returns>
    public IoResult ReceiveErrors(UdpErrorBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return batch.Receive(Descriptor, _stampIds);
    }

    /// <summary>Changes TTL or hop limit for all that is sent from now on; EINVAL where it is not 1 to 255.</summary>
    public Errno SetTimeToLive(int value) => value is < 1 or > 255
        ? Errno.EINVAL
        : LocalEndpoint.IsV6
            ? SocketOptions.Set(Descriptor, IPPROTO_IPV6, IPV6_UNICAST_HOPS, value)
            : SocketOptions.Set(Descriptor, IPPROTO_IP, IP_TTL, value);

    /// <summary>Changes TOS or traffic class for all that is sent from now on; EINVAL where it is not 0 to 255.</summary>
    public Errno SetTypeOfService(int value) => value is < 0 or > 255
        ? Errno.EINVAL
        : LocalEndpoint.IsV6
            ? SocketOptions.Set(Descriptor, IPPROTO_IPV6, IPV6_TCLASS, value)
            : SocketOptions.Set(Descriptor, IPPROTO_IP, IP_TOS, value);

    /// <summary>
    /// Datagrams that this socket has dropped so far for want of room, modulo 2^32, SO_MEMINFO of linux/sock_diag.h: unlike
    /// <see cref="UdpArrival.Drops"/> it knows of those after which nothing came. One call, for once a second.
    /// </summary>
    /// <returns>False where the socket is closed, or before Linux 4.12.</returns>
    public bool TryGetDrops(out uint drops)
    {
        var figures = stackalloc uint[SK_MEMINFO_DROPS + 1];
        uint length = (SK_MEMINFO_DROPS + 1) * sizeof(uint);
        var ok = Libc.getsockopt(Descriptor, SOL_SOCKET, SO_MEMINFO, figures, &length) == 0
            && length >= (SK_MEMINFO_DROPS + 1) * sizeof(uint);
        drops = ok ? figures[SK_MEMINFO_DROPS] : 0;
        return ok;
    }

    /// <summary>Sets up a fresh descriptor, which it closes where something is refused.</summary>
    /// <exception cref="SocketSetupException">The address or an option was refused.</exception>
    private protected static UdpStamps SetUp(int fd, NodeEndpoint local, in UdpOptions options)
    {
        var error = DatagramOptions.Apply(fd, local.IsV6, options, out var refused);
        // Before binding: what comes as soon as there is a port shall be stamped.
        var stamps = DatagramOptions.EnableStamps(fd, options.Stamps);
        if (error == Errno.None)
        {
            SocketAddress.From(local, out var address);
            error = Libc.ErrnoOf(Libc.bind(fd, SocketAddress.Pointer(ref address), address.Length));
        }

        if (error == Errno.None)
        {
            // Refusal costs the others their sharing, and this socket nothing.
            _ = options.LendsPort ? SocketOptions.Set(fd, SOL_SOCKET, SO_REUSEPORT, 1) : Errno.None;
            return stamps;
        }

        _ = Libc.close(fd);
        throw new SocketSetupException(refused.Length == 0 ? local.ToString() : $"{local}: {refused}", error);
    }

    private protected IoResult ReceiveInto(UdpBatch batch)
    {
        for (var pending = 0; ; pending++)
        {
            var result = batch.Receive(Descriptor, LocalEndpoint.Port);
            if (!_reportsErrors || pending == MostPending || !CanBePending(result.Error))
            {
                return result;
            }

            PendingErrors++;
        }
    }

    /// <summary>Sends header and bytes as one datagram.</summary>
    /// <param name="header">May be empty.</param>
    /// <param name="source">Unspecified: left to the routes.</param>
    private protected IoResult Send(ReadOnlySpan<byte> header, ReadOnlySpan<byte> bytes, NodeEndpoint remote, NodeEndpoint source)
    {
        var result = SendOnce(header, bytes, remote, source, stamped: false);
        if (!_reportsErrors || !CanBePending(result.Error))
        {
            return result;
        }

        return Repeated(result, SendOnce(header, bytes, remote, source, stamped: false));
    }

    /// <summary>The same, asking for a send stamp.</summary>
    /// <param name="stampId">What the stamp will be called; means nothing where the send failed or stamps are not in force.</param>
    private protected IoResult SendStamped(
        ReadOnlySpan<byte> header, ReadOnlySpan<byte> bytes, NodeEndpoint remote, NodeEndpoint source, out uint stampId)
    {
        stampId = _stampIds.Next;
        if (Stamps != UdpStamps.ReceiveAndSend)
        {
            return Send(header, bytes, remote, source);
        }

        var result = CountStamp(SendOnce(header, bytes, remote, source, stamped: true));
        if (!_reportsErrors || !CanBePending(result.Error))
        {
            return result;
        }

        return Repeated(result, CountStamp(SendOnce(header, bytes, remote, source, stamped: true)));
    }

    private IoResult CountStamp(IoResult result)
    {
        if (result.Ok)
        {
            _stampIds.Sent();
        }
        else
        {
            DatagramOptions.RestartStampIds(Descriptor);
            _stampIds.Restart(SystemClocks.Wall());
        }

        return result;
    }

    private IoResult Repeated(IoResult first, IoResult second)
    {
        // The same answer twice is the datagram's own failure and no one else's.
        PendingErrors += first.Error != second.Error ? 1 : 0;
        return second;
    }

    private IoResult SendOnce(ReadOnlySpan<byte> header, ReadOnlySpan<byte> bytes, NodeEndpoint remote, NodeEndpoint source, bool stamped)
    {
        if (!source.IsUnspecified && source.IsV6 != remote.IsV6)
        {
            // The kernel would pass over the other family's message and choose a source by itself.
            return IoResult.Failed(Errno.EAFNOSUPPORT);
        }

        return header.IsEmpty && source.IsUnspecified && !stamped
            ? SendPlain(bytes, remote)
            : SendWithControl(header, bytes, remote, source, stamped);
    }

    /// <summary>sendto(2): a probe needs no more, and sendmsg(2) would have the kernel fetch and check two structs in addition.</summary>
    [SkipLocalsInit]
    private IoResult SendPlain(ReadOnlySpan<byte> bytes, NodeEndpoint remote)
    {
        SocketAddress.From(remote, out var address);
        fixed (byte* first = bytes)
        {
            return IoResult.Of(Libc.sendto(
                Descriptor, first, (nuint)bytes.Length, MSG_DONTWAIT | MSG_NOSIGNAL, SocketAddress.Pointer(ref address), address.Length));
        }
    }

    [SkipLocalsInit]
    private IoResult SendWithControl(
        ReadOnlySpan<byte> header, ReadOnlySpan<byte> bytes, NodeEndpoint remote, NodeEndpoint source, bool stamped)
    {
        var control = stackalloc byte[DatagramControl.SendRoom];
        var used = source.IsUnspecified ? 0 : DatagramControl.WriteSource(control, source);
        used += stamped ? DatagramControl.WriteStampRequest(control + used) : 0;
        SocketAddress.From(remote, out var address);
        fixed (byte* first = header, second = bytes)
        {
            var parts = stackalloc Iovec[2];
            parts[0] = new Iovec { iov_base = first, iov_len = (nuint)header.Length };
            parts[1] = new Iovec { iov_base = second, iov_len = (nuint)bytes.Length };
            var message = new Msghdr
            {
                msg_name = SocketAddress.Pointer(ref address),
                msg_namelen = address.Length,
                msg_iov = header.IsEmpty ? parts + 1 : parts,
                msg_iovlen = header.IsEmpty ? 1u : 2u,
                msg_control = used == 0 ? null : control,
                msg_controllen = (nuint)used,
            };
            return IoResult.Of(Libc.sendmsg(Descriptor, &message, MSG_DONTWAIT | MSG_NOSIGNAL));
        }
    }

    /// <summary>What the kernel makes of ICMP errors (icmp(7); its tables for both families).</summary>
    private static bool CanBePending(Errno error) => error is Errno.ECONNREFUSED or Errno.EHOSTUNREACH or Errno.ENETUNREACH
        or Errno.EHOSTDOWN or Errno.ENONET or Errno.ENOPROTOOPT or Errno.EOPNOTSUPP or Errno.EPROTO or Errno.EACCES or Errno.EMSGSIZE;
}
