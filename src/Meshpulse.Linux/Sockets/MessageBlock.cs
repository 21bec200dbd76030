using Meshpulse.Linux.Interop;
using Meshpulse.Wire.Primitives;
using static Meshpulse.Linux.Interop.DatagramConstants;
using static Meshpulse.Linux.Interop.SocketConstants;

namespace Meshpulse.Linux.Sockets;

/// <summary>
/// Room for one recvmmsg(2): heads, parts, names, ancillary messages and data of all slots in one array that the
/// collector never moves, so that pointers into it stay true and nothing need be freed.
/// </summary>
internal sealed unsafe class MessageBlock
{
    private const int NameRoom = 32;

    // All that a socket of ours can be told at once takes 64 + 40 + 24 + 24 + 24 bytes, and 64 more in the error queue.
    private const int ControlRoom = 256;

    private readonly byte[] _memory;
    private readonly Mmsghdr* _heads;
    private readonly byte* _names;
    private readonly byte* _controls;
    private readonly byte* _data;

    public MessageBlock(int capacity, int dataSize)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        // UIO_MAXIOV: the kernel silently takes no more slots than that.
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(dataSize, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dataSize, 65_536);
        (Capacity, DataSize) = (capacity, dataSize);

        var stride = sizeof(Mmsghdr) + sizeof(Iovec) + NameRoom + ControlRoom + dataSize;
        _memory = GC.AllocateArray<byte>(stride * capacity, pinned: true);
        // An array's first element lies on a multiple of eight; all parts but the data keep to that.
        _heads = (Mmsghdr*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0);
        var parts = (Iovec*)(_heads + capacity);
        _names = (byte*)(parts + capacity);
        _controls = _names + (capacity * NameRoom);
        _data = _controls + (capacity * ControlRoom);
        for (var i = 0; i < capacity; i++)
        {
            parts[i] = new Iovec { iov_base = _data + (i * dataSize), iov_len = (nuint)dataSize };
            _heads[i].msg_hdr = new Msghdr
            {
                msg_name = _names + (i * NameRoom),
                msg_iov = parts + i,
                msg_iovlen = 1,
                msg_control = _controls + (i * ControlRoom),
            };
        }
    }

    public int Capacity { get; }

    public int DataSize { get; }

    /// <summary>Takes as many messages as wait and fit; EAGAIN where none waits.</summary>
    public IoResult Receive(int fd, int flags)
    {
        for (var i = 0; i < Capacity; i++)
        {
            ref var head = ref _heads[i].msg_hdr;
            head.msg_namelen = NameRoom;
            head.msg_controllen = ControlRoom;
        }

        return IoResult.Of(Libc.recvmmsg(fd, _heads, (uint)Capacity, flags | MSG_DONTWAIT, null));
    }

    public NodeEndpoint NameAt(int index) => SocketAddress.Read(_names + (index * NameRoom), (int)_heads[index].msg_hdr.msg_namelen);

    public ControlMessages ControlAt(int index) => new(_controls + (index * ControlRoom), (int)_heads[index].msg_hdr.msg_controllen);

    public int LengthAt(int index) => (int)Math.Min(_heads[index].msg_len, (uint)DataSize);

    public bool IsTruncated(int index) => (_heads[index].msg_hdr.msg_flags & MSG_TRUNC) != 0;

    public ReadOnlySpan<byte> DataAt(int index) => _memory.AsSpan((int)(_data - (byte*)_heads) + (index * DataSize), LengthAt(index));
}
