using System.Buffers.Binary;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Sockets;

namespace Meshpulse.Linux.Tests.Sockets;

/// <summary>The walk over ancillary messages, on bytes as little-endian Linux writes them.</summary>
public sealed unsafe class ReceiveStampTests
{
    private const int SolSocket = 1;
    private const int TimestampNs = 35;

    [Fact]
    public void A_stamp_is_found_behind_another_message()
    {
        byte[] bytes = [.. Message(6, 36, new byte[4]), .. new byte[4], .. Message(SolSocket, TimestampNs, Time(3, 7))];
        Assert.Equal(new WallTime(3_000_000_007), Read(bytes));
    }

    [Fact]
    public void Another_level_or_type_is_no_stamp()
    {
        Assert.Null(Read(Message(SolSocket, 37, Time(3, 7))));
        Assert.Null(Read(Message(41, TimestampNs, Time(3, 7))));
    }

    [Fact]
    public void A_cut_or_lying_message_is_no_stamp_and_no_overrun()
    {
        var whole = Message(SolSocket, TimestampNs, Time(3, 7));
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Null(Read(whole[..length]));
        }

        foreach (var lie in (ulong[])[0, 1, 15, 33, 1 << 20, ulong.MaxValue])
        {
            BinaryPrimitives.WriteUInt64LittleEndian(whole, lie);
            Assert.Null(Read(whole));
        }
    }

    private static WallTime? Read(byte[] bytes)
    {
        fixed (byte* first = bytes)
        {
            return ReceiveStamp.TryRead(first, bytes.Length, out var stamp) ? stamp : null;
        }
    }

    private static byte[] Message(int level, int type, byte[] data)
    {
        var bytes = new byte[16 + data.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)bytes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), level);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), type);
        data.CopyTo(bytes, 16);
        return bytes;
    }

    private static byte[] Time(long seconds, long nanoseconds)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, seconds);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), nanoseconds);
        return bytes;
    }
}
