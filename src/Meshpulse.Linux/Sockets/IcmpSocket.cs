using System.Runtime.CompilerServices;
using Meshpulse.Linux.Interop;
using Meshpulse.Wire.Primitives;
using static Meshpulse.Linux.Interop.DatagramConstants;
using static Meshpulse.Linux.Interop.SocketConstants;

namespace Meshpulse.Linux.Sockets;

/// <summary>
/// Sends ICMP echoes and takes the answers, without privileges where the system permits it.
/// <para>
/// Linux has two ways. A <em>datagram</em> socket, icmp(7), delivers only answers to its own echoes: the kernel keeps the
/// identifier, as if it were a port, and the checksum. A <em>raw</em> socket, raw(7), is given every ICMP message of the
/// host. The differences are settled here: on a raw socket a filter in the kernel lets echo replies alone through, of
/// these the ones with another's identifier are passed over; IPv4 delivers its own header as well and has not looked at
/// the checksum yet, so both are seen to; the checksum of what is sent is ours to make for IPv4 (for IPv6 the kernel
/// insists on its own, as it covers addresses). Another raw program with the same identifier cannot be told apart: put
/// something into the payload that only you know.
/// </para>
/// <para>Stamps, errors and pending errors are as for UDP: see <see cref="DatagramSocket"/>.</para>
/// </summary>
public sealed unsafe class IcmpSocket : DatagramSocket
{
    private readonly byte _echo;
    private readonly byte _reply;

    private IcmpSocket(int fd, bool v6, IcmpSocketKind kind, int identifier, in UdpOptions options, UdpStamps stamps)
        : base(fd, options, stamps)
    {
        Kind = kind;
        // The kernel's choice where there was none of ours.
        Identifier = kind == IcmpSocketKind.Datagram ? LocalEndpoint.Port : identifier;
        _echo = (byte)(v6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO);
        _reply = (byte)(v6 ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY);
    }

    /// <summary>Which way it took.</summary>
    public IcmpSocketKind Kind { get; }

    /// <summary>The identifier in every echo, 1 to 65,535.</summary>
    public int Identifier { get; }

    /// <summary>How many messages came that answered no echo of this socket: another program's, damaged, cut short.</summary>
    public long Strangers { get; private set; }

    /// <summary>Makes a socket, of the datagram kind where permitted, else raw.</summary>
    /// <param name="localAddress">The address to send from, or an unspecified one of the family that is wanted; its port does not matter.</param>
    /// <param name="identifier">1 to 65,535, or 0 for one of the kernel's (datagram) or the process's (raw) choice.</param>
    /// <param name="options">As for UDP.</param>
    /// <param name="access">Which kind it became, or why it is none.</param>
    /// <returns>Null where neither kind is permitted or the family is missing.</returns>
    /// <exception cref="SocketSetupException">The address is not of this host, the identifier in use (datagram kind), or an option refused.</exception>
    public static IcmpSocket? Open(NodeEndpoint localAddress, int identifier, in UdpOptions options, out IcmpAccess access)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(identifier);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(identifier, ushort.MaxValue);
        var fd = Socket(localAddress, SOCK_DGRAM, out var datagramError);
        if (fd >= 0)
        {
            access = new IcmpAccess(IcmpSocketKind.Datagram, Errno.None, Errno.None);
            var stamps = SetUp(fd, localAddress.WithPort(identifier), options);
            return new IcmpSocket(fd, localAddress.IsV6, IcmpSocketKind.Datagram, identifier, options, stamps);
        }

        fd = Socket(localAddress, SOCK_RAW, out var rawError);
        access = new IcmpAccess(fd < 0 ? IcmpSocketKind.None : IcmpSocketKind.Raw, datagramError, rawError);
        return fd < 0 ? null : OpenRaw(fd, localAddress, identifier, options);
    }

    /// <summary>Sends one echo.</summary>
    /// <param name="remote">Whom to ask; its port does not matter.</param>
    /// <param name="sequence">Its lower 16 bits are sent.</param>
    /// <param name="payload">What shall come back.</param>
    /// <returns>The length with the header of 8 bytes; else as of <see cref="UdpSocket.SendTo(ReadOnlySpan{byte}, NodeEndpoint)"/>.</returns>
    [SkipLocalsInit]
    public IoResult SendEcho(NodeEndpoint remote, int sequence, ReadOnlySpan<byte> payload)
    {
        Span<byte> header = stackalloc byte[IcmpMessage.HeaderLength];
        WriteHeader(header, sequence, payload);
        return Send(header, payload, remote.WithPort(0), default);
    }

    /// <summary>The same, asking for a send stamp: see <see cref="UdpSocket.SendStamped"/>.</summary>
    [SkipLocalsInit]
    public IoResult SendEchoStamped(NodeEndpoint remote, int sequence, ReadOnlySpan<byte> payload, out uint stampId)
    {
        Span<byte> header = stackalloc byte[IcmpMessage.HeaderLength];
        WriteHeader(header, sequence, payload);
        return SendStamped(header, payload, remote.WithPort(0), default, out stampId);
    }

    /// <summary>Takes one batch of what waits and picks the answers to this socket's echoes from it.</summary>
    /// <param name="batch">Takes the messages; a raw IPv4 socket's with 20 bytes of IP header and more, which must fit.</param>
    /// <param name="replies">Room for as many as the batch (else EINVAL).</param>
    /// <returns>How many answers; 0 where what came was not ours, so ask again; EAGAIN where nothing waits.</returns>
    public IoResult ReceiveReplies(UdpBatch batch, Span<IcmpReply> replies)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (replies.Length < batch.Capacity)
        {
            return IoResult.Failed(Errno.EINVAL);
        }

        var result = ReceiveInto(batch);
        var count = 0;
        for (var slot = 0; slot < result.Count; slot++)
        {
            if (TryRead(batch, slot, out replies[count]))
            {
                count++;
            }
            else
            {
                Strangers++;
            }
        }

        return result with { Count = count };
    }

    private static int Socket(NodeEndpoint local, int type, out Errno error)
    {
        var fd = Libc.socket(
            SocketAddress.FamilyOf(local), type | SOCK_NONBLOCK | SOCK_CLOEXEC, local.IsV6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
        error = Libc.ErrnoOf(fd);
        return fd;
    }

    private static IcmpSocket OpenRaw(int fd, NodeEndpoint local, int identifier, in UdpOptions options)
    {
        // Before binding, so that little else is queued; what was is passed over as a stranger.
        PassRepliesOnly(fd, local.IsV6);
        var stamps = SetUp(fd, local.WithPort(0), options);
        var own = (Environment.ProcessId ^ (fd << 10)) & ushort.MaxValue;
        return new IcmpSocket(fd, local.IsV6, IcmpSocketKind.Raw, identifier != 0 ? identifier : Math.Max(1, own), options, stamps);
    }

    /// <summary>A set bit keeps a type out. Best effort: it spares work and decides nothing.</summary>
    private static void PassRepliesOnly(int fd, bool v6)
    {
        if (v6)
        {
            // struct icmp6_filter of netinet/icmp6.h: 256 bits.
            var filter = stackalloc uint[8];
            new Span<uint>(filter, 8).Fill(uint.MaxValue);
            filter[ICMP6_ECHO_REPLY / 32] &= ~(1u << (ICMP6_ECHO_REPLY % 32));
            _ = Libc.setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, filter, 8 * sizeof(uint));
        }
        else
        {
            // struct icmp_filter of linux/icmp.h: 32 bits.
            var filter = ~(1u << ICMP_ECHOREPLY);
            _ = Libc.setsockopt(fd, SOL_RAW, ICMP_FILTER, &filter, sizeof(uint));
        }
    }

    private void WriteHeader(Span<byte> header, int sequence, ReadOnlySpan<byte> payload)
    {
        IcmpMessage.WriteHeader(header, _echo, Identifier, sequence);
        if (Kind == IcmpSocketKind.Raw && !LocalEndpoint.IsV6)
        {
            IcmpMessage.Seal(header, payload);
        }
    }

    private bool TryRead(UdpBatch batch, int slot, out IcmpReply reply)
    {
        reply = default;
        var bytes = batch.Bytes(slot);
        var unchecked4 = Kind == IcmpSocketKind.Raw && !LocalEndpoint.IsV6;
        var offset = unchecked4 ? IcmpMessage.OffsetInPacket(bytes) : 0;
        if (offset < 0 || batch[slot].Truncated)
        {
            return false;
        }

        var message = bytes[offset..];
        if (!IcmpMessage.TryReadReply(message, _reply, out var identifier, out var sequence)
            || identifier != Identifier
            || (unchecked4 && IcmpMessage.Checksum(default, message) != 0))
        {
            return false;
        }

        reply = new IcmpReply(slot, sequence, offset + IcmpMessage.HeaderLength);
        return true;
    }
}
