using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Linux.Tests.Sockets;

/// <summary>What the essay on <see cref="TcpSocket"/> claims of receive stamps, point by point.</summary>
public sealed class KernelStampTests
{
    private const int FrameSize = 28;

    // Not used by the room, so not among its constants; the same numbers on every machine (asm-generic/socket.h, linux/net_tstamp.h).
    private const int SO_TIMESTAMPING = 37;
    private const int RxSoftwareReported = (1 << 3) | (1 << 4);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Each_arrival_is_stamped_between_its_send_and_its_read_in_order(bool towardsServer)
    {
        using var pair = new LoopbackPair(LoopbackPair.Stamped);
        var (from, to) = towardsServer ? (pair.Client, pair.Server) : (pair.Server, pair.Client);
        WarmUp(from, to);
        var last = default(WallTime);
        for (var i = 0; i < 200; i++)
        {
            var before = SystemClocks.Wall();
            SendFrame(from);
            LoopbackPair.WaitUnread(to, FrameSize);
            var stamp = ReceiveStamped(to, FrameSize);
            AssertBetween(stamp, before, SystemClocks.Wall());
            Assert.True(stamp > last);
            last = stamp;
        }
    }

    [Fact]
    public void The_stamp_is_the_arrivals_and_not_the_reads()
    {
        using var pair = new LoopbackPair(LoopbackPair.Stamped);
        WarmUp(pair.Client, pair.Server);
        SendFrame(pair.Client);
        LoopbackPair.WaitUnread(pair.Server, FrameSize);
        var arrived = SystemClocks.Wall();
        // The passing of time is the subject here, not a wait for something: a stamp taken at the read would lie after it.
        Assert.Equal(Errno.None, AbsoluteSleep.Until(SystemClocks.Mono() + Duration.FromMilliseconds(20)));
        Assert.True(ReceiveStamped(pair.Server, FrameSize) <= arrived);
    }

    /// <summary>Whether the machine was stamping before is not ours to know; so either is right, and a made-up stamp is not.</summary>
    [Fact]
    public void The_first_frames_have_a_true_stamp_or_none()
    {
        for (var round = 0; round < 20; round++)
        {
            using var pair = new LoopbackPair(LoopbackPair.Stamped);
            SendFrame(pair.Client);
            LoopbackPair.WaitUnread(pair.Server, FrameSize);
            var arrived = SystemClocks.Wall();
            Assert.Equal(Errno.None, AbsoluteSleep.Until(SystemClocks.Mono() + Duration.FromMilliseconds(1)));
            Assert.Equal(FrameSize, pair.Server.Receive(new byte[64], out var stamp, out var hasStamp).Count);
            Assert.True(!hasStamp || stamp <= arrived);
        }
    }

    [Fact]
    public void A_frame_that_waits_before_accept_is_stamped_since_the_listener_had_the_option()
    {
        using var warm = new LoopbackPair(LoopbackPair.Stamped);
        WarmUp(warm.Client, warm.Server);
        using var listener = TcpSocket.Listen(LoopbackPair.Endpoint("127.0.0.1:0"), 4, LoopbackPair.Stamped);
        using var client = TcpSocket.Connect(null, listener.LocalEndpoint, LoopbackPair.Plain, out _);
        Assert.NotNull(client);
        LoopbackPair.WaitWritable(client);
        var before = SystemClocks.Wall();
        SendFrame(client);
        LoopbackPair.WaitReadable(listener);
        using var server = listener.Accept(out _, out _);
        Assert.NotNull(server);
        LoopbackPair.WaitUnread(server, FrameSize);
        AssertBetween(ReceiveStamped(server, FrameSize), before, SystemClocks.Wall());
    }

    [Fact]
    public void A_read_of_several_segments_has_the_newest_ones_stamp()
    {
        using var pair = new LoopbackPair(LoopbackPair.Stamped);
        WarmUp(pair.Client, pair.Server);
        SendFrame(pair.Client);
        LoopbackPair.WaitUnread(pair.Server, FrameSize);
        var between = SystemClocks.Wall();
        SendFrame(pair.Client);
        LoopbackPair.WaitUnread(pair.Server, 2 * FrameSize);
        AssertBetween(ReceiveStamped(pair.Server, 2 * FrameSize), between, SystemClocks.Wall());
    }

    [Fact]
    public void A_partial_read_has_its_own_segments_stamp_or_that_of_the_one_it_was_merged_with()
    {
        using var pair = new LoopbackPair(LoopbackPair.Stamped);
        WarmUp(pair.Client, pair.Server);
        for (var i = 0; i < 100; i++)
        {
            var start = SystemClocks.Wall();
            SendFrame(pair.Client);
            LoopbackPair.WaitUnread(pair.Server, FrameSize);
            var firstArrived = SystemClocks.Wall();
            Assert.Equal(Errno.None, AbsoluteSleep.Until(SystemClocks.Mono() + Duration.FromMicroseconds(100)));
            var between = SystemClocks.Wall();
            SendFrame(pair.Client);
            LoopbackPair.WaitUnread(pair.Server, 2 * FrameSize);
            var end = SystemClocks.Wall();

            var first = ReceiveStamped(pair.Server, FrameSize, FrameSize);
            Assert.True((first >= start && first <= firstArrived) || (first >= between && first <= end), $"{first} is neither's, in round {i}");
            AssertBetween(ReceiveStamped(pair.Server, FrameSize), between, end);
        }
    }

    [Fact]
    public void Without_the_option_there_is_no_stamp()
    {
        using var stamping = new LoopbackPair(LoopbackPair.Stamped);
        WarmUp(stamping.Client, stamping.Server);
        using var pair = new LoopbackPair();
        SendFrame(pair.Client);
        LoopbackPair.WaitUnread(pair.Server, FrameSize);
        Assert.Equal(FrameSize, pair.Server.Receive(new byte[64], out var stamp, out var hasStamp).Count);
        Assert.False(hasStamp);
        Assert.Equal(default, stamp);
    }

    /// <summary>The alternative that was not taken, for the record that it works as well.</summary>
    [Fact]
    public unsafe void So_timestamping_stamps_tcp_too()
    {
        using var warm = new LoopbackPair(LoopbackPair.Stamped);
        WarmUp(warm.Client, warm.Server);
        using var pair = new LoopbackPair();
        Assert.Equal(Errno.None, SocketOptions.Set(pair.Server.Descriptor, SocketConstants.SOL_SOCKET, SO_TIMESTAMPING, RxSoftwareReported));
        var before = SystemClocks.Wall();
        SendFrame(pair.Client);
        LoopbackPair.WaitUnread(pair.Server, FrameSize);

        var control = stackalloc ulong[16];
        var buffer = stackalloc byte[64];
        var part = new Iovec { iov_base = buffer, iov_len = 64 };
        var message = new Msghdr { msg_iov = &part, msg_iovlen = 1, msg_control = control, msg_controllen = 128 };
        Assert.Equal(FrameSize, (int)Libc.recvmsg(pair.Server.Descriptor, &message, SocketConstants.MSG_DONTWAIT));
        Assert.Equal(SO_TIMESTAMPING, ((Cmsghdr*)control)->cmsg_type);
        // Three timespecs, the first by software; and ours does not mistake them for its own.
        Assert.Equal((nuint)64, ((Cmsghdr*)control)->cmsg_len);
        AssertBetween(new WallTime(((Timespec*)((Cmsghdr*)control + 1))->ToNanoseconds()), before, SystemClocks.Wall());
        Assert.False(ReceiveStamp.TryRead((byte*)control, (int)message.msg_controllen, out _));
    }

    /// <summary>Sends until stamps come: the machine switches stamping on a moment after the first socket asks.</summary>
    private static void WarmUp(TcpSocket from, TcpSocket to)
    {
        var buffer = new byte[64];
        for (var i = 0; i < 1_000; i++)
        {
            SendFrame(from);
            LoopbackPair.WaitUnread(to, FrameSize);
            Assert.Equal(FrameSize, to.Receive(buffer, out _, out var hasStamp).Count);
            if (hasStamp)
            {
                return;
            }

            Assert.Equal(Errno.None, AbsoluteSleep.Until(SystemClocks.Mono() + Duration.FromMilliseconds(1)));
        }

        Assert.Fail("a thousand frames came without a stamp");
    }

    private static void SendFrame(TcpSocket socket) => Assert.Equal(new IoResult(FrameSize, Errno.None), socket.Send(new byte[FrameSize]));

    private static WallTime ReceiveStamped(TcpSocket socket, int expected, int room = 2048)
    {
        Assert.Equal(new IoResult(expected, Errno.None), socket.Receive(new byte[room], out var stamp, out var hasStamp));
        Assert.True(hasStamp);
        return stamp;
    }

    private static void AssertBetween(WallTime stamp, WallTime from, WallTime to) =>
        Assert.InRange(stamp.Nanoseconds, from.Nanoseconds, to.Nanoseconds);
}
