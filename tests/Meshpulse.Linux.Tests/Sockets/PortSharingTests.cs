using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;

namespace Meshpulse.Linux.Tests.Sockets;

public sealed class PortSharingTests
{
    private static readonly UdpOptions s_lends = new() { LendsPort = true };
    private static readonly UdpOptions s_joins = new() { JoinsPort = true };

    [Fact]
    public void Who_joins_a_port_and_connects_gets_its_own_and_the_lender_all_else()
    {
        using var lender = UdpLoopback.Open("127.0.0.1:0", s_lends);
        using var one = UdpLoopback.Open("127.0.0.2:0");
        using var other = UdpLoopback.Open("127.0.0.3:0");
        var port = lender.LocalEndpoint.Port;
        var batch = new UdpBatch();
        using (var joiner = UdpLoopback.Open($"0.0.0.0:{port}", s_joins))
        {
            Assert.Equal(Errno.None, joiner.ConnectTo(other.LocalEndpoint));
            for (byte i = 0; i < 100; i++)
            {
                UdpLoopback.Send(one, lender.LocalEndpoint, i);
                Assert.Equal(one.LocalEndpoint, UdpLoopback.ReceiveOne(lender, batch).Remote);
                UdpLoopback.Send(other, lender.LocalEndpoint, i);
                Assert.Equal(other.LocalEndpoint, UdpLoopback.ReceiveOne(joiner, batch).Remote);
            }
        }

        Assert.Equal(other.LocalEndpoint, UdpLoopback.SendUntilReceived(other, lender, batch).Remote);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public void Both_have_to_agree(bool lends, bool joins)
    {
        using var first = UdpLoopback.Open("127.0.0.1:0", lends ? s_lends : default);
        var refused = Assert.Throws<SocketSetupException>(() => UdpLoopback.Open($"127.0.0.1:{first.LocalEndpoint.Port}", joins ? s_joins : default));
        Assert.Equal(Errno.EADDRINUSE, refused.Error);
    }
}
