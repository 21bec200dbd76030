using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Portable;

/// <summary>Room for the datagrams of one <see cref="PortableUdpSocket.ReceiveBatch"/>, made once and used again and again. One thread at a time; any number of sockets.</summary>
internal sealed class PortableUdpBatch
{
    private readonly byte[] _bytes;
    private readonly int _size;
    private readonly PortableArrival[] _arrivals;

    /// <param name="capacity">Datagrams a call, at least 1.</param>
    /// <param name="datagramSize">Bytes kept of each, at least 1.</param>
    public PortableUdpBatch(int capacity = 64, int datagramSize = 2048)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(datagramSize, 1);
        _size = datagramSize;
        _bytes = new byte[checked(capacity * datagramSize)];
        _arrivals = new PortableArrival[capacity];
    }

    /// <summary>The most datagrams of one call.</summary>
    public int Capacity => _arrivals.Length;

    /// <summary>How many the last receive brought.</summary>
    public int Count { get; private set; }

    /// <summary>What is known of the datagram at <paramref name="index"/>, from 0 to below <see cref="Count"/>.</summary>
    public ref readonly PortableArrival this[int index] => ref _arrivals.AsSpan(0, Count)[index];

    /// <summary>Where the next datagram goes.</summary>
    internal Span<byte> Room => _bytes.AsSpan(Count * _size, _size);

    /// <summary>The bytes of the datagram at <paramref name="index"/>, as far as there was room for them.</summary>
    public ReadOnlySpan<byte> Bytes(int index) => _bytes.AsSpan(index * _size, this[index].Length);

    internal void Clear() => Count = 0;

    /// <summary>What lies in <see cref="Room"/> is a datagram.</summary>
    internal void Add(NodeEndpoint remote, int length, ClockPairing read) => _arrivals[Count++] = new PortableArrival(remote, length, read);
}
