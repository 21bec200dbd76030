using Meshpulse.Wire.Primitives;

namespace Meshpulse.Wire.Heartbeat;

/// <summary>A ping whose bytes were checked by <see cref="HeartbeatWire.ReadPing"/>: its stamp, and its list entry by entry.</summary>
public readonly ref struct PingView
{
    private readonly ReadOnlySpan<byte> _list;

    internal PingView(long stampMicroseconds, ReadOnlySpan<byte> list)
    {
        StampMicroseconds = stampMicroseconds;
        _list = list;
    }

    /// <summary>The sender's wall clock when it sent, microseconds since 1970; any value at all may stand here.</summary>
    public long StampMicroseconds { get; }

    /// <summary>True where the ping names no nodes.</summary>
    public bool HasNoList => _list.IsEmpty;

    /// <summary>The nodes that the sender says it is connected to.</summary>
    public Enumerator GetEnumerator() => new(_list);

    /// <summary>Walks the address entries.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;

        internal Enumerator(ReadOnlySpan<byte> list) => _rest = list;

        /// <summary>The entry that stands under the enumerator.</summary>
        public NodeEndpoint Current { get; private set; }

        /// <summary>Goes on to the next entry; false behind the last.</summary>
        public bool MoveNext()
        {
            if (_rest.IsEmpty || HeartbeatWire.ReadEntry(_rest, out var endpoint, out var consumed) != FrameError.None)
            {
                return false;
            }

            Current = endpoint;
            _rest = _rest[consumed..];
            return true;
        }
    }
}
