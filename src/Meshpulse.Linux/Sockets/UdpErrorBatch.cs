using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Wire.Primitives;
using static Meshpulse.Linux.Interop.DatagramConstants;
using static Meshpulse.Linux.Interop.SocketConstants;

namespace Meshpulse.Linux.Sockets;

/// <summary>Room for what one <see cref="DatagramSocket.ReceiveErrors"/> takes from the error queue; used like <see cref="UdpBatch"/>.</summary>
public sealed unsafe class UdpErrorBatch
{
    private readonly MessageBlock _block;
    private readonly UdpError[] _errors;

    /// <summary>Makes room.</summary>
    /// <param name="capacity">Entries a call, 1 to 1024.</param>
    /// <param name="payloadSize">Bytes kept of the datagram that an error is about, 0 to 65,536.</param>
    public UdpErrorBatch(int capacity = 64, int payloadSize = 64)
    {
        _block = new MessageBlock(capacity, payloadSize);
        _errors = new UdpError[capacity];
    }

    /// <summary>The most entries of one call.</summary>
    public int Capacity => _block.Capacity;

    /// <summary>How many the last call brought; 0 where it failed.</summary>
    public int Count { get; private set; }

    /// <summary>The entry at <paramref name="index"/>, from 0 to below <see cref="Count"/>.</summary>
    public ref readonly UdpError this[int index] => ref _errors.AsSpan(0, Count)[index];

    /// <summary>
    /// The beginning of the datagram that the entry is about, as the ICMP message brought it back: UDP payload, or the
    /// whole ICMP message for an <see cref="IcmpSocket"/>. Empty for a stamp.
    /// </summary>
    public ReadOnlySpan<byte> Bytes(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return _block.DataAt(index);
    }

    internal IoResult Receive(int fd, SendStampIds stampIds)
    {
        var result = _block.Receive(fd, MSG_ERRQUEUE);
        Count = result.Count;
        for (var i = 0; i < Count; i++)
        {
            _errors[i] = Read(i, stampIds);
        }

        return result;
    }

    private UdpError Read(int index, SendStampIds stampIds)
    {
        var (stamp, hasStamp, timeToLive) = (default(WallTime), false, -1);
        SockExtendedErr entry = default;
        var offender = default(NodeEndpoint);
        var messages = _block.ControlAt(index);
        while (messages.MoveNext())
        {
            switch (messages.Level, messages.Type)
            {
                case (SOL_SOCKET, SO_TIMESTAMPING or SO_TIMESTAMPNS):
                    hasStamp = DatagramControl.TryReadStamp(messages, out stamp);
                    break;
                case (IPPROTO_IP, IP_TTL) or (IPPROTO_IPV6, IPV6_HOPLIMIT):
                    timeToLive = DatagramControl.ReadNumber(messages);
                    break;
                case (IPPROTO_IP, IP_RECVERR) or (IPPROTO_IPV6, IPV6_RECVERR) when messages.Length >= sizeof(SockExtendedErr):
                    entry = *(SockExtendedErr*)messages.Data;
                    offender = SocketAddress.Read(messages.Data + sizeof(SockExtendedErr), messages.Length - sizeof(SockExtendedErr));
                    break;
            }
        }

        var kind = KindOf(entry);
        uint stampId = 0;
        if (kind == UdpErrorKind.SendStamp && !stampIds.TryResolve(entry.ee_data, stamp, out stampId))
        {
            kind = UdpErrorKind.Other;
        }

        return new UdpError
        {
            Kind = kind,
            Error = (Errno)entry.ee_errno,
            Type = entry.ee_type,
            Code = entry.ee_code,
            Info = entry.ee_info,
            Offender = offender.WithPort(0),
            Destination = entry.ee_origin == SO_EE_ORIGIN_TIMESTAMPING ? default : _block.NameAt(index),
            StampId = stampId,
            Stamp = stamp,
            HasStamp = hasStamp,
            TimeToLive = timeToLive,
            Length = _block.LengthAt(index),
        };
    }

    private static UdpErrorKind KindOf(SockExtendedErr entry) => (int)entry.ee_origin switch
    {
        SO_EE_ORIGIN_LOCAL => UdpErrorKind.Local,
        SO_EE_ORIGIN_ICMP => UdpErrorKind.Icmp,
        SO_EE_ORIGIN_ICMP6 => UdpErrorKind.Icmp6,
        SO_EE_ORIGIN_TIMESTAMPING when entry.ee_info == SCM_TSTAMP_SND => UdpErrorKind.SendStamp,
        _ => UdpErrorKind.Other,
    };
}
