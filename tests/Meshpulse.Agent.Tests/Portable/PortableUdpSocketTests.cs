using System.Net.Sockets;
using Meshpulse.Agent.Portable;
using Meshpulse.Linux.Sockets;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Portable;

/// <summary>The managed socket beside the kernel's, on loopback.</summary>
public sealed class PortableUdpSocketTests
{
    private static readonly NodeEndpoint s_v4 = NodeEndpoint.FromBytes([127, 0, 0, 1], 0);
    private static readonly NodeEndpoint s_v6 = NodeEndpoint.FromBytes([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 0);

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Datagrams_go_both_ways_with_their_senders_and_times(bool v6, bool connected)
    {
        using var one = Open(v6);
        using var other = Open(v6);
        if (connected)
        {
            Assert.Equal(SocketError.Success, one.ConnectTo(other.LocalEndpoint));
            Assert.Equal(SocketError.Success, other.ConnectTo(one.LocalEndpoint));
        }

        var batch = new PortableUdpBatch();
        foreach (var payload in (byte[][])[[1, 2, 3], [], [9]])
        {
            var before = PortableClock.Pair();
            Assert.Equal(SocketError.Success, one.SendTo(payload, other.LocalEndpoint));
            ReceiveOne(other, batch);
            Assert.Equal((one.LocalEndpoint, payload.Length), (batch[0].Remote, batch[0].Length));
            Assert.Equal(payload, batch.Bytes(0).ToArray());
            Assert.InRange(batch[0].Read.Mono.Nanoseconds, before.Mono.Nanoseconds, PortableClock.Mono().Nanoseconds);
            Assert.InRange(batch[0].Read.Wall.Nanoseconds, before.Wall.Nanoseconds, PortableClock.Wall().Nanoseconds);
            Assert.Equal(SocketError.Success, other.SendTo(payload, batch[0].Remote));
            ReceiveOne(one, batch);
            Assert.Equal(other.LocalEndpoint, batch[0].Remote);
        }

        Assert.Equal(0, one.ReceiveBatch(batch));
        Assert.Equal(SocketError.Success, one.LastError);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Hop_limit_and_code_point_are_on_the_wire(bool v6)
    {
        SkipWithoutIpv6(v6);
        using var sender = PortableUdpSocket.Open(
            v6 ? s_v6 : s_v4, new PortableUdpOptions { TimeToLive = 77, TypeOfService = 46 << 2, DontFragment = true, ReceiveBuffer = 65_536 });
        Assert.Empty(sender.Refused);
        using var receiver = UdpSocket.Open(v6 ? s_v6 : s_v4, UdpOptions.Probe);
        Assert.Equal(SocketError.Success, sender.SendTo([1], receiver.LocalEndpoint));
        var batch = new UdpBatch(1, 16);
        Assert.True(SpinWait.SpinUntil(() => receiver.ReceiveBatch(batch).Ok, Patience));
        Assert.Equal((77, 46 << 2, sender.LocalEndpoint), (batch[0].TimeToLive, batch[0].TypeOfService, batch[0].Remote));
    }

    [Fact]
    public void A_batch_takes_no_more_than_fit_and_leaves_the_rest()
    {
        using var sender = Open(v6: false);
        using var receiver = Open(v6: false);
        for (byte i = 0; i < 6; i++)
        {
            Assert.Equal(SocketError.Success, sender.SendTo([i, i], receiver.LocalEndpoint));
        }

        var batch = new PortableUdpBatch(4, 8);
        List<byte> came = [];
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                Assert.InRange(receiver.ReceiveBatch(batch), 0, 4);
                came.AddRange(Enumerable.Range(0, batch.Count).Select(i => batch.Bytes(i)[1]));
                return came.Count == 6;
            },
            Patience));
        Assert.Equal([0, 1, 2, 3, 4, 5], came);
        Assert.Throws<IndexOutOfRangeException>(() => batch.Bytes(batch.Count).Length);
    }

    [Fact]
    public void An_error_about_one_datagram_keeps_no_other_from_leaving()
    {
        using var socket = Open(v6: false);
        var nobody = s_v4.WithPort(Ports.Next());
        Assert.Equal(SocketError.Success, socket.ConnectTo(nobody));
        var sent = 0;
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                Assert.Equal(SocketError.Success, socket.SendTo([1], nobody));
                return ++sent >= 20 && socket.LastError != SocketError.Success;
            },
            Patience));
        Assert.Equal(SocketError.ConnectionRefused, socket.LastError);
        var batch = new PortableUdpBatch(2, 8);
        Assert.Equal(0, socket.ReceiveBatch(batch));
    }

    [Fact]
    public void What_this_host_does_not_send_is_told()
    {
        using var socket = Open(v6: false);
        Assert.Equal(SocketError.MessageSize, socket.SendTo(new byte[65_508], s_v4.WithPort(9)));
        Assert.Equal(SocketError.AddressNotAvailable, socket.SendTo([1], s_v6.WithPort(9)));
        Assert.Equal(SocketError.Success, socket.ConnectTo(s_v4.WithPort(9)));
        Assert.Equal(SocketError.AddressNotAvailable, socket.SendTo([1], s_v4.WithPort(10)));
    }

    [Fact]
    public void A_port_in_use_is_refused()
    {
        using var socket = Open(v6: false);
        var refused = Assert.Throws<SocketException>(() => PortableUdpSocket.Open(socket.LocalEndpoint, default));
        Assert.Equal(SocketError.AddressAlreadyInUse, refused.SocketErrorCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sending_and_receiving_allocate_nothing(bool connected)
    {
        using var one = Open(v6: false);
        using var other = Open(v6: false);
        if (connected)
        {
            Assert.Equal(SocketError.Success, one.ConnectTo(other.LocalEndpoint));
            Assert.Equal(SocketError.Success, other.ConnectTo(one.LocalEndpoint));
        }

        var batch = new PortableUdpBatch(4, 64);
        var payload = new byte[44];
        Exchange(one, other, batch, payload, 500);
        Assert.Equal(0, Allocations.Least(() => Exchange(one, other, batch, payload, 700)));
    }

    private static void Exchange(PortableUdpSocket one, PortableUdpSocket other, PortableUdpBatch batch, byte[] payload, int times)
    {
        for (var i = 0; i < times; i++)
        {
            _ = one.SendTo(payload, other.LocalEndpoint);
            while (other.ReceiveBatch(batch) == 0)
            {
                Thread.Yield();
            }
        }
    }

    private static TimeSpan Patience => TimeSpan.FromSeconds(60);

    private static void ReceiveOne(PortableUdpSocket socket, PortableUdpBatch batch)
    {
        Assert.True(SpinWait.SpinUntil(() => socket.ReceiveBatch(batch) > 0, Patience), "nothing came");
        Assert.Equal(1, batch.Count);
    }

    private static PortableUdpSocket Open(bool v6)
    {
        SkipWithoutIpv6(v6);
        return PortableUdpSocket.Open(v6 ? s_v6 : s_v4, default);
    }

    private static void SkipWithoutIpv6(bool v6) =>
        Assert.SkipUnless(!v6 || (File.Exists("/proc/net/if_inet6") && File.ReadAllText("/proc/net/if_inet6").Contains(" lo")), "no IPv6 on the loopback interface");
}
