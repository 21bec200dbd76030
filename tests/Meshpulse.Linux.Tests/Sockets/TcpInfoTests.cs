using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;

namespace Meshpulse.Linux.Tests.Sockets;

public sealed class TcpInfoTests
{
    [Fact]
    public void A_connection_in_use_has_a_round_trip_time_and_counts()
    {
        using var pair = new LoopbackPair();
        var frame = new byte[100];
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(100, pair.Client.Send(frame).Count);
            LoopbackPair.WaitUnread(pair.Server, 100);
            Assert.Equal(100, pair.Server.Receive(new byte[200], out _, out _).Count);
            Assert.Equal(100, pair.Server.Send(frame).Count);
            LoopbackPair.WaitUnread(pair.Client, 100);
            Assert.Equal(100, pair.Client.Receive(new byte[200], out _, out _).Count);
        }

        Assert.True(pair.Client.TryGetTcpInfo(out var info));
        Assert.Equal(TcpState.Established, info.State);
        Assert.True(info.Rtt > Duration.Zero);
        Assert.True(info.RttVariance > Duration.Zero);
        Assert.NotNull(info.MinRtt);
        Assert.True(info.MinRtt <= info.Rtt * 4);
        // RFC 6298 asks for a second at least, Linux for 200 ms; RTO_MIN may be lowered by route, so only the order is certain.
        Assert.True(info.RetransmissionTimeout > info.Rtt);
        Assert.Equal(1000ul, info.BytesSent);
        Assert.Equal(1000ul, info.BytesReceived);
        Assert.Equal(10u, info.DataSegmentsSent);
        Assert.Equal(10u, info.DataSegmentsReceived);
        Assert.Equal(0u, info.TotalRetransmissions);
        Assert.True(info.CongestionWindow >= 10);
        Assert.True(info.SendMss > 500);
        Assert.True(info.PathMtu > info.SendMss);
        Assert.Equal(0u, info.NotSentBytes);
    }

    [Fact]
    public void A_listener_is_known_as_one()
    {
        using var pair = new LoopbackPair();
        Assert.True(pair.Listener.TryGetTcpInfo(out var info));
        Assert.Equal(TcpState.Listen, info.State);
    }

    [Fact]
    public void An_end_of_stream_shows_in_the_state()
    {
        using var pair = new LoopbackPair();
        Assert.Equal(Errno.None, pair.Client.ShutdownSend());
        LoopbackPair.WaitReadable(pair.Server);
        Assert.True(pair.Server.TryGetTcpInfo(out var info));
        Assert.Equal(TcpState.CloseWait, info.State);
    }

    [Fact]
    public void A_closed_socket_has_nothing_to_tell()
    {
        using var pair = new LoopbackPair();
        pair.Client.Dispose();
        Assert.False(pair.Client.TryGetTcpInfo(out var info));
        Assert.Equal(TcpState.None, info.State);
    }
}
