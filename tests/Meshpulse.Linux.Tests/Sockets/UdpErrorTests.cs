using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Timing;
using static Meshpulse.Linux.Tests.Sockets.UdpLoopback;

namespace Meshpulse.Linux.Tests.Sockets;

/// <summary>What <see cref="DatagramSocket"/> claims of the error queue.</summary>
public sealed class UdpErrorTests
{
    private static readonly UdpOptions Stamping = UdpOptions.Probe with { Stamps = UdpStamps.ReceiveAndSend };

    [Theory]
    [InlineData("127.0.9.1:0", UdpErrorKind.Icmp, 3, 3)]
    [InlineData("[::1]:0", UdpErrorKind.Icmp6, 1, 4)]
    public void An_unreachable_port_is_an_entry_with_all_that_is_known_of_it(string address, UdpErrorKind kind, int type, int code)
    {
        SkipWithoutIpv6(address);
        using var warm = Open(address, Stamping);
        WarmUp(warm, warm);
        using var socket = Open(address, Stamping);
        var closed = ClosedPort(address);
        var before = SystemClocks.Wall();
        Send(socket, closed, 11, 12, 13);
        var batch = new UdpErrorBatch();
        var error = ErrorOne(socket, batch);
        Assert.Equal((kind, Errno.ECONNREFUSED, type, code), (error.Kind, error.Error, (int)error.Type, (int)error.Code));
        Assert.Equal(closed, error.Destination);
        Assert.Equal(closed.WithPort(0), error.Offender);
        Assert.Equal([11, 12, 13], batch.Bytes(0).ToArray());
        Assert.Equal(3, error.Length);
        Assert.InRange(error.TimeToLive, 1, 255);
        Assert.True(error.HasStamp);
        Assert.InRange(error.Stamp.Nanoseconds, before.Nanoseconds, SystemClocks.Wall().Nanoseconds);
        Assert.True(socket.ReceiveErrors(batch).WouldBlock);
        Assert.Equal(0, batch.Count);
    }

    [Theory]
    [InlineData("127.0.9.1:0")]
    [InlineData("[::1]:0")]
    public void The_error_of_one_target_does_not_cost_another_its_datagram(string address)
    {
        SkipWithoutIpv6(address);
        using var socket = Open(address, Stamping);
        using var healthy = Open(address);
        var closed = ClosedPort(address);
        Send(socket, closed, 1);
        Assert.True(Wait(socket, PollInterest.None).Error);
        Send(socket, healthy.LocalEndpoint, 2);
        Assert.Equal(1, socket.PendingErrors);
        var batch = new UdpBatch();
        Assert.Equal(socket.LocalEndpoint, ReceiveOne(healthy, batch).Remote);
        Assert.Equal([2], batch.Bytes(0).ToArray());
        Assert.Equal(closed, ErrorOne(socket, new UdpErrorBatch()).Destination);
    }

    [Fact]
    public void A_receive_passes_over_pending_errors_to_the_datagrams_behind_them()
    {
        using var socket = Open("127.0.9.1:0", Stamping);
        using var peer = Open("127.0.9.1:0");
        var closed = ClosedPort("127.0.9.2:0");
        Send(peer, socket.LocalEndpoint, 5);
        Wait(socket);
        Send(socket, closed, 1);
        Assert.True(SpinWait.SpinUntil(() => Wait(socket).Error, TimeSpan.FromSeconds(60)));
        var batch = new UdpBatch();
        Assert.Equal(new IoResult(1, Errno.None), socket.ReceiveBatch(batch));
        Assert.Equal([5], batch.Bytes(0).ToArray());
        Assert.Equal(1, socket.PendingErrors);
    }

    [Fact]
    public void Who_does_not_ask_sees_no_errors()
    {
        using var socket = Open("127.0.9.1:0", UdpOptions.Reflector);
        var closed = ClosedPort("127.0.9.2:0");
        for (var i = 0; i < 5; i++)
        {
            Send(socket, closed, 1);
        }

        Assert.True(socket.ReceiveBatch(new UdpBatch()).WouldBlock);
        Assert.True(socket.ReceiveErrors(new UdpErrorBatch()).WouldBlock);
    }

    [Fact]
    public void Connected_a_pending_error_is_the_peers_and_a_result()
    {
        using var socket = Open("127.0.9.1:0");
        Assert.Equal(Errno.None, socket.ConnectTo(ClosedPort("127.0.9.2:0")));
        Assert.Equal(1, socket.Send([1]).Count);
        Assert.True(Wait(socket).Error);
        Assert.Equal(Errno.ECONNREFUSED, socket.Send([2]).Error);
        // Each refusal is told once, and the send that told it was not made.
        Assert.True(socket.ReceiveBatch(new UdpBatch()).WouldBlock);
    }

    [Fact]
    public void A_send_that_this_host_refuses_is_its_own_failure_and_no_pending_error()
    {
        using var socket = Open("127.0.9.1:0", Stamping);
        Assert.Equal(Errno.EMSGSIZE, socket.SendTo(new byte[65_508], LoopbackPair.Endpoint("127.0.9.2:9")).Error);
        Assert.Equal(0, socket.PendingErrors);
    }

    [Theory]
    [InlineData("127.0.9.1:0")]
    [InlineData("[::1]:0")]
    public void Each_stamped_send_has_a_stamp_with_its_id_in_its_time(string address)
    {
        SkipWithoutIpv6(address);
        using var socket = Open(address, Stamping);
        using var peer = Open(address);
        Assert.Equal(UdpStamps.ReceiveAndSend, socket.Stamps);
        var batch = new UdpErrorBatch();
        for (var i = 0u; i < 50; i++)
        {
            // Sends without a stamp in between use up no id.
            Send(socket, peer.LocalEndpoint, 1);
            var before = SystemClocks.Wall();
            Assert.Equal(2, socket.SendStamped([1, 2], peer.LocalEndpoint, default, out var id).Count);
            Assert.Equal(i, id);
            var entry = ErrorOne(socket, batch);
            Assert.Equal((UdpErrorKind.SendStamp, Errno.ENOMSG, i, true), (entry.Kind, entry.Error, entry.StampId, entry.HasStamp));
            Assert.InRange(entry.Stamp.Nanoseconds, before.Nanoseconds, SystemClocks.Wall().Nanoseconds);
            Assert.Equal(default, entry.Destination);
            Assert.Empty(batch.Bytes(0).ToArray());
        }

        Assert.True(socket.ReceiveErrors(batch).WouldBlock);
    }

    [Fact]
    public void A_stamp_can_be_had_together_with_a_chosen_source()
    {
        using var socket = Open("0.0.0.0:0", Stamping);
        using var peer = Open("127.0.9.3:0");
        Assert.True(socket.SendStamped([1], peer.LocalEndpoint, LoopbackPair.Endpoint("127.0.9.4:0"), out var id).Ok);
        Assert.Equal("127.0.9.4", ReceiveOne(peer, new UdpBatch()).Remote.AddressText);
        Assert.Equal(id, ErrorOne(socket, new UdpErrorBatch()).StampId);
    }

    [Fact]
    public void Failed_sends_and_pending_errors_do_not_upset_the_ids()
    {
        using var socket = Open("127.0.9.1:0", Stamping);
        using var peer = Open("127.0.9.1:0");
        var closed = ClosedPort("127.0.9.2:0");
        var errors = new UdpErrorBatch();
        var expected = new List<uint>();
        var seen = new List<uint>();
        for (var i = 0; i < 40; i++)
        {
            // Too large (fails), refused later (makes an error pending), then one that meets that error.
            Assert.Equal(Errno.EMSGSIZE, socket.SendStamped(new byte[65_508], peer.LocalEndpoint, default, out _).Error);
            Assert.True(socket.SendStamped([1], closed, default, out var first).Ok);
            Assert.True(socket.SendStamped([1], peer.LocalEndpoint, default, out var second).Ok);
            expected.AddRange([first, second]);
            for (var found = 0; found < 3;)
            {
                Assert.True(Wait(socket, PollInterest.None).Error);
                Assert.True(socket.ReceiveErrors(errors).Ok);
                found += errors.Count;
                for (var e = 0; e < errors.Count; e++)
                {
                    if (errors[e].Kind == UdpErrorKind.SendStamp)
                    {
                        seen.Add(errors[e].StampId);
                    }
                }
            }
        }

        Assert.Equal(expected.Distinct(), expected);
        Assert.Equal(expected.Order(), seen.Order());
        Assert.True(socket.PendingErrors > 0);
    }

    [Fact]
    public void Who_did_not_ask_for_send_stamps_gets_none()
    {
        using var socket = Open("127.0.9.1:0", UdpOptions.Probe);
        using var peer = Open("127.0.9.1:0");
        Assert.True(socket.SendStamped([1], peer.LocalEndpoint, default, out _).Ok);
        ReceiveOne(peer, new UdpBatch());
        Assert.True(socket.ReceiveErrors(new UdpErrorBatch()).WouldBlock);
    }

    [Fact]
    public void The_poller_tells_errors_from_arrivals()
    {
        using var poller = new Poller(4);
        using var socket = Open("127.0.9.1:0", Stamping);
        using var peer = Open("127.0.9.1:0");
        var events = new PollEvent[4];
        Assert.Equal(Errno.None, poller.Add(socket, 3, PollInterest.Read));
        Send(peer, socket.LocalEndpoint, 1);
        Assert.Equal(1, poller.Wait(events, LoopbackPair.Patience).Count);
        Assert.Equal((3, true, false), (events[0].Token, events[0].Readable, events[0].Error));
        Assert.Equal(1, socket.ReceiveBatch(new UdpBatch()).Count);
        Assert.Equal(0, poller.Wait(events, Duration.Zero).Count);
        Assert.True(socket.SendStamped([1], peer.LocalEndpoint, default, out _).Ok);
        Assert.Equal(1, poller.Wait(events, LoopbackPair.Patience).Count);
        Assert.True(events[0].Error);
        Assert.Equal(1, socket.ReceiveErrors(new UdpErrorBatch()).Count);
        Assert.Equal(0, poller.Wait(events, Duration.Zero).Count);
        socket.Dispose();
        Assert.Equal(Errno.EBADF, poller.Modify(socket, 3, PollInterest.Read));
    }
}
