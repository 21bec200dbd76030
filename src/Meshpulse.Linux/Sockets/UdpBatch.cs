using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Wire.Primitives;
using static Meshpulse.Linux.Interop.DatagramConstants;
using static Meshpulse.Linux.Interop.SocketConstants;

namespace Meshpulse.Linux.Sockets;

/// <summary>
/// Room for the datagrams of one <see cref="UdpSocket.ReceiveBatch"/>, made once and used again and again: what a receive
/// left in it holds until the next. One thread at a time; any number of sockets may share it.
/// </summary>
public sealed unsafe class UdpBatch
{
    private readonly MessageBlock _block;
    private readonly UdpArrival[] _arrivals;

    /// <summary>Makes room, some 350 bytes a datagram beside its own.</summary>
    /// <param name="capacity">Datagrams a call, 1 to 1024.</param>
    /// <param name="datagramSize">Bytes kept of each, 0 to 65,536.</param>
    public UdpBatch(int capacity = 64, int datagramSize = 2048)
    {
        _block = new MessageBlock(capacity, datagramSize);
        _arrivals = new UdpArrival[capacity];
    }

    /// <summary>The most datagrams of one call.</summary>
    public int Capacity => _block.Capacity;

    /// <summary>How many the last receive brought; 0 where it failed.</summary>
    public int Count { get; private set; }

    /// <summary>What is known of the datagram at <paramref name="index"/>, from 0 to below <see cref="Count"/>.</summary>
    public ref readonly UdpArrival this[int index] => ref _arrivals.AsSpan(0, Count)[index];

    /// <summary>The bytes of the datagram at <paramref name="index"/>, as far as there was room for them.</summary>
    public ReadOnlySpan<byte> Bytes(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return _block.DataAt(index);
    }

    internal IoResult Receive(int fd, int localPort)
    {
        var result = _block.Receive(fd, 0);
        Count = result.Count;
        for (var i = 0; i < Count; i++)
        {
            _arrivals[i] = Read(i, localPort);
        }

        return result;
    }

    private UdpArrival Read(int index, int localPort)
    {
        var (timeToLive, typeOfService) = (-1, -1);
        var (stamp, hasStamp) = (default(WallTime), false);
        var (local, interfaceIndex, drops) = (default(NodeEndpoint), 0, 0u);
        var messages = _block.ControlAt(index);
        while (messages.MoveNext())
        {
            switch (messages.Level, messages.Type)
            {
                case (SOL_SOCKET, SO_TIMESTAMPING or SO_TIMESTAMPNS):
                    hasStamp = DatagramControl.TryReadStamp(messages, out stamp);
                    break;
                case (SOL_SOCKET, SO_RXQ_OVFL) when messages.Length >= sizeof(uint):
                    drops = *(uint*)messages.Data;
                    break;
                case (IPPROTO_IP, IP_TTL) or (IPPROTO_IPV6, IPV6_HOPLIMIT):
                    timeToLive = DatagramControl.ReadNumber(messages);
                    break;
                case (IPPROTO_IP, IP_TOS) or (IPPROTO_IPV6, IPV6_TCLASS):
                    typeOfService = DatagramControl.ReadNumber(messages);
                    break;
                case (IPPROTO_IP, IP_PKTINFO) or (IPPROTO_IPV6, IPV6_PKTINFO):
                    local = DatagramControl.ReadLocalAddress(messages, localPort, out interfaceIndex);
                    break;
            }
        }

        return new UdpArrival
        {
            Remote = _block.NameAt(index),
            LocalAddress = local,
            InterfaceIndex = interfaceIndex,
            Length = _block.LengthAt(index),
            Truncated = _block.IsTruncated(index),
            Stamp = stamp,
            HasStamp = hasStamp,
            TimeToLive = timeToLive,
            TypeOfService = typeOfService,
            Drops = drops,
        };
    }
}
