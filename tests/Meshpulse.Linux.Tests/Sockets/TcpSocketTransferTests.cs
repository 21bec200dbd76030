using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;

namespace Meshpulse.Linux.Tests.Sockets;

public sealed class TcpSocketTransferTests
{
    [Theory]
    [InlineData("127.0.0.1:0", 12)]
    [InlineData("127.0.0.1:0", 1028)]
    [InlineData("127.0.0.1:0", 1)]
    public void What_is_sent_arrives(string address, int size)
    {
        using var pair = new LoopbackPair(LoopbackPair.Stamped, address);
        var frame = new byte[size];
        new Random(size).NextBytes(frame);
        foreach (var (from, to) in ((TcpSocket, TcpSocket)[])[(pair.Client, pair.Server), (pair.Server, pair.Client)])
        {
            Assert.Equal(new IoResult(size, Errno.None), from.Send(frame));
            LoopbackPair.WaitUnread(to, size);
            var buffer = new byte[2048];
            Assert.Equal(new IoResult(size, Errno.None), to.Receive(buffer, out _, out _));
            Assert.Equal(frame, buffer[..size]);
        }
    }

    [Fact]
    public void Nothing_to_read_is_would_block_and_not_the_end()
    {
        using var pair = new LoopbackPair();
        var result = pair.Server.Receive(new byte[8], out _, out var hasStamp);
        Assert.True(result.WouldBlock);
        Assert.False(result.Ok);
        Assert.False(hasStamp);
    }

    [Fact]
    public void An_empty_buffer_is_an_error_and_not_the_end()
    {
        using var pair = new LoopbackPair();
        Assert.Equal(Errno.EINVAL, pair.Server.Receive([], out _, out _).Error);
    }

    [Fact]
    public void A_half_closed_connection_still_carries_the_other_direction()
    {
        using var pair = new LoopbackPair();
        Assert.Equal(3, pair.Client.Send([1, 2, 3]).Count);
        Assert.Equal(Errno.None, pair.Client.ShutdownSend());
        Assert.Equal(Errno.EPIPE, pair.Client.Send([4]).Error);

        LoopbackPair.WaitUnread(pair.Server, 3);
        var buffer = new byte[8];
        Assert.Equal(new IoResult(3, Errno.None), pair.Server.Receive(buffer, out _, out _));
        Assert.True(LoopbackPair.WaitReadable(pair.Server).PeerFinished);
        Assert.Equal(new IoResult(0, Errno.None), pair.Server.Receive(buffer, out _, out _));

        Assert.Equal(2, pair.Server.Send([5, 6]).Count);
        LoopbackPair.WaitUnread(pair.Client, 2);
        Assert.Equal(2, pair.Client.Receive(buffer, out _, out _).Count);
    }

    [Fact]
    public void A_goodbye_delivers_what_was_sent_before_it()
    {
        using var pair = new LoopbackPair();
        Assert.Equal(3, pair.Client.Send([1, 2, 3]).Count);
        pair.Client.ShutdownAndClose();
        Assert.True(pair.Client.IsClosed);
        var buffer = new byte[8];
        LoopbackPair.WaitUnread(pair.Server, 3);
        Assert.Equal(new IoResult(3, Errno.None), pair.Server.Receive(buffer, out _, out _));
        LoopbackPair.WaitReadable(pair.Server);
        Assert.Equal(new IoResult(0, Errno.None), pair.Server.Receive(buffer, out _, out _));
    }

    [Fact]
    public void An_abort_is_a_reset_for_the_peer_even_with_bytes_on_the_way()
    {
        using var pair = new LoopbackPair();
        pair.Client.Abort();
        var found = LoopbackPair.WaitReadable(pair.Server);
        Assert.True(found.Error);
        Assert.True(found.Closed);
        Assert.Equal(Errno.ECONNRESET, pair.Server.Receive(new byte[8], out _, out _).Error);
        // Once told, the connection is merely gone; and no signal kills the process.
        Assert.Equal(Errno.EPIPE, pair.Server.Send([1]).Error);
    }

    [Fact]
    public void Sending_and_receiving_allocate_nothing_whatever_the_outcome()
    {
        using var pair = new LoopbackPair(LoopbackPair.Stamped);
        using var gone = new LoopbackPair(LoopbackPair.Stamped);
        gone.Client.Abort();
        LoopbackPair.WaitReadable(gone.Server);
        var buffer = new byte[256];
        Exchange();
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                Exchange();
            }
        }));

        void Exchange()
        {
            _ = pair.Client.Send(buffer.AsSpan(0, 28));
            while (pair.Server.UnreadBytes().Count == 0)
            {
            }

            _ = pair.Server.Receive(buffer, out _, out _);
            _ = pair.Server.Receive(buffer, out _, out _);
            _ = pair.Server.Send(buffer.AsSpan(0, 28));
            _ = pair.Client.Receive(buffer, out _, out _);
            _ = gone.Server.Receive(buffer, out _, out _);
            _ = gone.Server.Send(buffer);
            _ = pair.Client.TryGetTcpInfo(out _);
        }
    }
}
