using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Wire.Primitives;
using static Meshpulse.Linux.Tests.Sockets.UdpLoopback;

namespace Meshpulse.Linux.Tests.Sockets;

/// <summary>
/// Targets of this host only, which no TTL is too short for: what routers say is in the lab's tests. Listeners are on addresses that no
/// other test uses.
/// </summary>
public sealed class TcpProbeSocketTests
{
    [Theory]
    [InlineData("127.0.9.71:0")]
    [InlineData("[::1]:0")]
    public void A_listener_accepts_and_the_kernel_knows_how_long_it_took(string address)
    {
        SkipWithoutIpv6(address);
        using var listener = TcpSocket.Listen(LoopbackPair.Endpoint(address), 4, default);
        using var port = TcpProbeSocket.Reserve(NodeEndpoint.AnyAddress(listener.LocalEndpoint.IsV6, 0));
        Assert.NotEqual(0, port.LocalEndpoint.Port);
        for (var i = 0; i < 3; i++)
        {
            using var call = TcpProbeSocket.Call(port.LocalEndpoint, listener.LocalEndpoint, 1, out var error);
            Assert.Equal(Errno.None, error);
            Wait(call!, PollInterest.Write);
            Assert.Equal(Errno.None, call!.Outcome());
            Assert.Equal(port.LocalEndpoint.Port, call.LocalEndpoint.Port);
            Assert.True(call.HandshakeTime() > Duration.Zero);
            Assert.True(call.ReceiveErrors(new UdpErrorBatch()).WouldBlock);
            // With a reset, or the same four could not be had again at once.
            call.Abort();
            Assert.True(call.IsClosed);
        }
    }

    [Theory]
    [InlineData("127.0.9.72:0")]
    [InlineData("[::1]:0")]
    public void A_port_without_a_listener_refuses(string address)
    {
        SkipWithoutIpv6(address);
        var closed = LoopbackPair.Endpoint(address).WithPort(Ports.Next());
        using var port = TcpProbeSocket.Reserve(NodeEndpoint.AnyAddress(closed.IsV6, 0));
        using var call = TcpProbeSocket.Call(port.LocalEndpoint, closed, 64, out var error);
        Assert.Equal(Errno.None, error);
        Wait(call!, PollInterest.Write);
        Assert.Equal(Errno.ECONNREFUSED, call!.Outcome());
        Assert.Null(call.HandshakeTime());
    }

    [Fact]
    public void A_reserved_port_is_nobody_elses()
    {
        using var port = TcpProbeSocket.Reserve(LoopbackPair.Endpoint("127.0.9.73:0"));
        Assert.Null(TcpSocket.Connect(port.LocalEndpoint, LoopbackPair.Endpoint("127.0.9.73:9"), LoopbackPair.Plain, out var error));
        Assert.Equal(Errno.EADDRINUSE, error);
    }

    [Theory]
    [InlineData(0, "127.0.9.74:9", Errno.EINVAL)]
    [InlineData(256, "127.0.9.74:9", Errno.EINVAL)]
    [InlineData(1, "[::1]:9", Errno.EAFNOSUPPORT)]
    public void What_this_host_refuses_is_an_error_and_leaves_nothing_open(int timeToLive, string remote, Errno expected)
    {
        using var port = TcpProbeSocket.Reserve(LoopbackPair.Endpoint("0.0.0.0:0"));
        Assert.Null(TcpProbeSocket.Call(port.LocalEndpoint, LoopbackPair.Endpoint(remote), timeToLive, out var error));
        Assert.Equal(expected, error);
    }
}
