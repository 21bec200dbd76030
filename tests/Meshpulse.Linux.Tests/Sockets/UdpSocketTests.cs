using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Timing;
using static Meshpulse.Linux.Tests.Sockets.UdpLoopback;

namespace Meshpulse.Linux.Tests.Sockets;

public sealed class UdpSocketTests
{
    private static readonly UdpOptions Everything = UdpOptions.Probe with { ReportLocalAddress = true };

    [Theory]
    [InlineData("127.0.8.1:0", 0)]
    [InlineData("127.0.8.1:0", 18)]
    [InlineData("127.0.8.1:0", 2048)]
    [InlineData("[::1]:0", 0)]
    [InlineData("[::1]:0", 18)]
    public void What_is_sent_arrives_with_all_that_is_known_of_it(string address, int size)
    {
        SkipWithoutIpv6(address);
        using var from = Open(address, new UdpOptions { TimeToLive = 33, TypeOfService = 0xb9 });
        using var to = Open(address, Everything);
        Assert.Equal(UdpStamps.Receive, to.Stamps);
        WarmUp(from, to);
        var bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        var before = SystemClocks.Wall();
        Send(from, to.LocalEndpoint, bytes);
        var batch = new UdpBatch();
        var arrival = ReceiveOne(to, batch);
        var after = SystemClocks.Wall();

        Assert.Equal(bytes, batch.Bytes(0).ToArray());
        Assert.Equal((size, false), (arrival.Length, arrival.Truncated));
        Assert.Equal(from.LocalEndpoint, arrival.Remote);
        Assert.Equal(to.LocalEndpoint, arrival.LocalAddress);
        Assert.Equal(33, arrival.TimeToLive);
        Assert.Equal(0xb9, arrival.TypeOfService);
        Assert.Equal(0u, arrival.Drops);
        Assert.Equal(1, arrival.InterfaceIndex);
        Assert.True(arrival.HasStamp);
        Assert.InRange(arrival.Stamp.Nanoseconds, before.Nanoseconds, after.Nanoseconds);
    }

    [Fact]
    public void What_was_not_asked_for_is_unknown()
    {
        using var from = Open("127.0.8.1:0");
        using var to = Open("127.0.8.1:0");
        Send(from, to.LocalEndpoint, 7);
        var arrival = ReceiveOne(to, new UdpBatch());
        Assert.Equal((-1, -1, false), (arrival.TimeToLive, arrival.TypeOfService, arrival.HasStamp));
        Assert.Equal(default, arrival.LocalAddress);
        Assert.Equal(from.LocalEndpoint, arrival.Remote);
        Assert.Equal(UdpStamps.None, to.Stamps);
    }

    [Theory]
    [InlineData("127.0.8.1:0")]
    [InlineData("[::1]:0")]
    public void Ttl_and_tos_can_be_changed_from_datagram_to_datagram(string address)
    {
        SkipWithoutIpv6(address);
        using var from = Open(address);
        using var to = Open(address, Everything);
        var batch = new UdpBatch();
        foreach (var (ttl, tos) in ((int, int)[])[(1, 0), (2, 4), (255, 0xfc)])
        {
            Assert.Equal(Errno.None, from.SetTimeToLive(ttl));
            Assert.Equal(Errno.None, from.SetTypeOfService(tos));
            Send(from, to.LocalEndpoint, 1);
            var arrival = ReceiveOne(to, batch);
            Assert.Equal((ttl, tos), (arrival.TimeToLive, arrival.TypeOfService));
        }

        Assert.Equal(Errno.EINVAL, from.SetTimeToLive(0));
        Assert.Equal(Errno.EINVAL, from.SetTimeToLive(256));
        Assert.Equal(Errno.EINVAL, from.SetTypeOfService(-1));
    }

    [Fact]
    public void The_stamp_is_the_arrivals_and_not_the_reads()
    {
        using var from = Open("127.0.8.1:0");
        using var to = Open("127.0.8.1:0", Everything);
        WarmUp(from, to);
        Send(from, to.LocalEndpoint, 7);
        Wait(to);
        var arrived = SystemClocks.Wall();
        // The passing of time is the subject here, not a wait for something: a stamp taken at the read would lie after it.
        Assert.Equal(Errno.None, AbsoluteSleep.Until(SystemClocks.Mono() + Duration.FromMilliseconds(20)));
        var arrival = ReceiveOne(to, new UdpBatch());
        Assert.True(arrival.HasStamp);
        Assert.True(arrival.Stamp <= arrived);
    }

    [Fact]
    public void The_first_datagrams_have_a_true_stamp_or_none()
    {
        for (var round = 0; round < 20; round++)
        {
            using var from = Open("127.0.8.1:0");
            using var to = Open("127.0.8.1:0", Everything);
            Send(from, to.LocalEndpoint, 7);
            Wait(to);
            var arrived = SystemClocks.Wall();
            Assert.Equal(Errno.None, AbsoluteSleep.Until(SystemClocks.Mono() + Duration.FromMilliseconds(1)));
            var arrival = ReceiveOne(to, new UdpBatch());
            Assert.True(!arrival.HasStamp || arrival.Stamp <= arrived);
        }
    }

    /// <summary>The way that is left for kernels which refuse the other.</summary>
    [Fact]
    public void So_timestampns_stamps_too()
    {
        using var from = Open("127.0.8.1:0");
        using var to = Open("127.0.8.1:0", Everything with { Stamps = UdpStamps.ReceiveNanoseconds });
        Assert.Equal(UdpStamps.ReceiveNanoseconds, to.Stamps);
        var before = SystemClocks.Wall();
        Send(from, to.LocalEndpoint, 7);
        var arrival = ReceiveOne(to, new UdpBatch());
        Assert.True(arrival.HasStamp);
        Assert.InRange(arrival.Stamp.Nanoseconds, before.Nanoseconds, SystemClocks.Wall().Nanoseconds);
    }

    [Fact]
    public void A_datagram_larger_than_the_room_is_cut_and_says_so_and_its_neighbours_are_whole()
    {
        using var from = Open("127.0.8.1:0");
        using var to = Open("127.0.8.1:0", Everything);
        Send(from, to.LocalEndpoint, 1, 2, 3, 4);
        Send(from, to.LocalEndpoint, 5, 6, 7, 8, 9);
        Send(from, to.LocalEndpoint, 10);
        Wait(to);
        var batch = new UdpBatch(8, 4);
        Assert.Equal(3, to.ReceiveBatch(batch).Count);
        Assert.Equal([(4, false), (4, true), (1, false)], Enumerable.Range(0, 3).Select(i => (batch[i].Length, batch[i].Truncated)));
        Assert.Equal([5, 6, 7, 8], batch.Bytes(1).ToArray());
        Assert.Equal([10], batch.Bytes(2).ToArray());
    }

    [Fact]
    public void A_batch_takes_64_in_order_and_leaves_the_rest()
    {
        using var from = Open("127.0.8.1:0");
        using var to = Open("127.0.8.1:0", Everything);
        for (byte i = 0; i < 100; i++)
        {
            Send(from, to.LocalEndpoint, i, (byte)(255 - i));
        }

        Wait(to);
        var batch = new UdpBatch();
        Assert.Equal(new IoResult(64, Errno.None), to.ReceiveBatch(batch));
        Assert.Equal(Enumerable.Range(0, 64), Enumerable.Range(0, 64).Select(i => (int)batch.Bytes(i)[0]));
        Assert.Equal(new IoResult(36, Errno.None), to.ReceiveBatch(batch));
        Assert.Equal(Enumerable.Range(64, 36), Enumerable.Range(0, 36).Select(i => (int)batch.Bytes(i)[0]));
        Assert.Equal(36, batch.Count);
        Assert.Throws<IndexOutOfRangeException>(() => batch[36].Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.Bytes(36).Length);
        Assert.True(to.ReceiveBatch(batch).WouldBlock);
        Assert.Equal(0, batch.Count);
    }

    [Fact]
    public void What_a_full_buffer_drops_is_counted()
    {
        using var from = Open("127.0.8.1:0");
        using var to = Open("127.0.8.1:0", Everything with { ReceiveBuffer = 1 });
        var batch = new UdpBatch(64, 16);
        const int Sent = 200;
        for (var i = 0; i < Sent; i++)
        {
            Send(from, to.LocalEndpoint, (byte)i);
        }

        Wait(to);
        var kept = to.ReceiveBatch(batch).Count;
        Assert.InRange(kept, 1, 20);
        Assert.Equal(0u, batch[0].Drops);
        uint drops = 0;
        Assert.True(SpinWait.SpinUntil(
            () => to.TryGetDrops(out drops) && (kept += to.ReceiveBatch(batch).Count) + drops == Sent, TimeSpan.FromSeconds(60)));
        Assert.True(drops > Sent / 2);

        // Those after which nothing could be queued show with the next that is.
        Send(from, to.LocalEndpoint, 1);
        Assert.Equal(drops, ReceiveOne(to, batch).Drops);
        Assert.True(from.TryGetDrops(out var none));
        Assert.Equal(0u, none);
    }

    [Theory]
    [InlineData("0.0.0.0:0", "127.0.0.5:0", "127.0.8.2:0")]
    [InlineData("[::]:0", "[::1]:0", "[::1]:0")]
    public void An_answer_comes_from_the_address_that_was_asked(string bound, string asked, string asker)
    {
        SkipWithoutIpv6(bound);
        using var reflector = Open(bound, UdpOptions.Reflector);
        using var client = Open(asker);
        var batch = new UdpBatch();
        var question = LoopbackPair.Endpoint(asked).WithPort(reflector.LocalEndpoint.Port);
        Send(client, question, 1, 2, 3);
        var arrival = ReceiveOne(reflector, batch);
        Assert.Equal(question, arrival.LocalAddress);
        Assert.Equal(3, reflector.SendTo(batch.Bytes(0), arrival.Remote, arrival.LocalAddress).Count);
        Assert.Equal(question, ReceiveOne(client, batch).Remote);
        Assert.Equal([1, 2, 3], batch.Bytes(0).ToArray());
    }

    [Fact]
    public void Without_a_source_the_route_chooses()
    {
        using var reflector = Open("0.0.0.0:0", UdpOptions.Reflector);
        using var client = Open("127.0.8.2:0");
        foreach (var source in (string[])["0.0.0.0:0", "127.0.0.7:9"])
        {
            Assert.True(reflector.SendTo([1], client.LocalEndpoint, LoopbackPair.Endpoint(source)).Ok);
        }

        Wait(client);
        var batch = new UdpBatch();
        Assert.Equal(2, client.ReceiveBatch(batch).Count);
        Assert.Equal("127.0.0.1", batch[0].Remote.AddressText);
        Assert.Equal("127.0.0.7", batch[1].Remote.AddressText);
    }

    [Fact]
    public void A_source_that_is_not_this_hosts_or_of_the_other_family_is_refused()
    {
        using var socket = Open("0.0.0.0:0");
        var to = LoopbackPair.Endpoint("127.0.8.1:9");
        // 192.0.2.0/24 is for documentation, RFC 5737: no host has it.
        Assert.Contains(socket.SendTo([1], to, LoopbackPair.Endpoint("192.0.2.1:0")).Error, (Errno[])[Errno.EINVAL, Errno.ENETUNREACH]);
        Assert.Equal(Errno.EAFNOSUPPORT, socket.SendTo([1], to, LoopbackPair.Endpoint("[::1]:0")).Error);
        Assert.Equal(Errno.EAFNOSUPPORT, socket.SendTo([1], LoopbackPair.Endpoint("[::1]:9")).Error);
        Assert.Equal(Errno.EINVAL, socket.SendTo([1], LoopbackPair.Endpoint("127.0.8.1:0")).Error);
        Assert.Equal(Errno.EMSGSIZE, socket.SendTo(new byte[65_508], to).Error);
    }

    [Fact]
    public void Connected_it_hears_its_peer_only()
    {
        using var client = Open("0.0.0.0:0");
        using var peer = Open("127.0.8.3:0");
        using var stranger = Open("127.0.8.4:0");
        Assert.Equal((Errno)89, client.Send([1]).Error);
        Assert.Equal(Errno.None, client.ConnectTo(peer.LocalEndpoint));
        Assert.Equal(peer.LocalEndpoint, client.RemoteEndpoint);
        Assert.Equal("127.0.0.1", client.LocalEndpoint.AddressText);
        Assert.Equal(2, client.Send([1, 2]).Count);
        var batch = new UdpBatch();
        Assert.Equal(client.LocalEndpoint, ReceiveOne(peer, batch).Remote);
        Send(stranger, client.LocalEndpoint, 3);
        Send(peer, client.LocalEndpoint, 4);
        Wait(client);
        Assert.Equal(1, client.ReceiveBatch(batch).Count);
        Assert.Equal([4], batch.Bytes(0).ToArray());
        Assert.Equal(Errno.EAFNOSUPPORT, client.ConnectTo(LoopbackPair.Endpoint("[::1]:9")));
    }

    [Fact]
    public void An_address_that_cannot_be_had_is_named_in_the_exception()
    {
        using var first = Open("127.0.8.5:0");
        var failure = Assert.Throws<SocketSetupException>(() => UdpSocket.Open(first.LocalEndpoint, default));
        Assert.Equal(Errno.EADDRINUSE, failure.Error);
        Assert.Equal($"127.0.8.5:{first.LocalEndpoint.Port}: address already in use", failure.Message);
        failure = Assert.Throws<SocketSetupException>(() => Open("192.0.2.1:4232"));
        Assert.Equal("192.0.2.1:4232: cannot assign requested address", failure.Message);
    }

    [Theory]
    [InlineData("127.0.8.1:0", 0, 256, "IP_TTL")]
    [InlineData("127.0.8.1:0", 0, -1, "IP_TTL")]
    [InlineData("[::1]:0", 256, 0, "IPV6_TCLASS")]
    [InlineData("[::1]:0", 0, 256, "IPV6_UNICAST_HOPS")]
    public void A_refused_option_is_named_in_the_exception(string address, int tos, int ttl, string name)
    {
        SkipWithoutIpv6(address);
        var options = new UdpOptions { TypeOfService = tos, TimeToLive = ttl };
        var failure = Assert.Throws<SocketSetupException>(() => Open(address, options));
        Assert.Equal($"{address}: {name}: invalid argument", failure.Message);
    }

    [Theory]
    [InlineData("127.0.8.1:0", FragmentPolicy.Allow, 0)]
    [InlineData("127.0.8.1:0", FragmentPolicy.Forbid, 2)]
    [InlineData("127.0.8.1:0", FragmentPolicy.Probe, 3)]
    [InlineData("[::1]:0", FragmentPolicy.Forbid, 2)]
    [InlineData("[::1]:0", FragmentPolicy.Probe, 3)]
    public void The_fragment_policy_is_set(string address, FragmentPolicy policy, int expected)
    {
        SkipWithoutIpv6(address);
        using var socket = Open(address, new UdpOptions { Fragments = policy });
        var (level, option) = address[0] == '['
            ? (SocketConstants.IPPROTO_IPV6, DatagramConstants.IPV6_MTU_DISCOVER)
            : (SocketConstants.IPPROTO_IP, DatagramConstants.IP_MTU_DISCOVER);
        Assert.Equal(Errno.None, SocketOptions.Get(socket.Descriptor, level, option, out var value));
        Assert.Equal(expected, value);
    }

    [Fact]
    public void Buffers_are_as_asked_and_the_port_is_not_shared()
    {
        using var socket = Open("127.0.8.1:0", new UdpOptions { ReceiveBuffer = 100_000, SendBuffer = 50_000 });
        Assert.Equal(200_000, socket.ReceiveBuffer);
        Assert.Equal(Errno.None, SocketOptions.Get(socket.Descriptor, SocketConstants.SOL_SOCKET, DatagramConstants.SO_SNDBUF, out var send));
        Assert.Equal(100_000, send);
        Assert.Equal(Errno.None, SocketOptions.Get(socket.Descriptor, SocketConstants.SOL_SOCKET, SocketConstants.SO_REUSEADDR, out var reuse));
        Assert.Equal(0, reuse);
    }

    [Fact]
    public void Two_families_can_have_one_port()
    {
        SkipWithoutIpv6("[");
        using var v6 = UdpSocket.Open(LoopbackPair.Endpoint("[::]:0").WithPort(Ports.Next()), default);
        using var v4 = UdpSocket.Open(Any.WithPort(v6.LocalEndpoint.Port), default);
        Assert.Equal(v6.LocalEndpoint.Port, v4.LocalEndpoint.Port);
    }

    [Fact]
    public void A_closed_socket_answers_everything_with_a_bad_descriptor()
    {
        var socket = Open("127.0.8.1:0", Everything with { Stamps = UdpStamps.ReceiveAndSend });
        var local = socket.LocalEndpoint;
        var flags = File.ReadLines($"/proc/self/fdinfo/{socket.Descriptor}").Single(l => l.StartsWith("flags:", StringComparison.Ordinal));
        Assert.Equal(
            SocketConstants.SOCK_CLOEXEC | SocketConstants.SOCK_NONBLOCK,
            Convert.ToInt32(flags["flags:".Length..].Trim(), 8) & (SocketConstants.SOCK_CLOEXEC | SocketConstants.SOCK_NONBLOCK));
        socket.Dispose();
        socket.Dispose();
        Assert.True(socket.IsClosed);
        Assert.Equal(Errno.EBADF, socket.SendTo([1], local).Error);
        Assert.Equal(Errno.EBADF, socket.SendStamped([1], local, default, out _).Error);
        Assert.Equal(Errno.EBADF, socket.Send([1]).Error);
        Assert.Equal(Errno.EBADF, socket.ConnectTo(local));
        Assert.Equal(Errno.EBADF, socket.ReceiveBatch(new UdpBatch(1)).Error);
        Assert.Equal(Errno.EBADF, socket.ReceiveErrors(new UdpErrorBatch(1)).Error);
        Assert.Equal(Errno.EBADF, socket.SetTimeToLive(3));
        Assert.False(socket.TryGetDrops(out _));
        Assert.Equal(local, socket.LocalEndpoint);
    }

    [Fact]
    public void A_failed_setup_leaks_no_descriptor()
    {
        using var first = Open("127.0.8.5:0");
        var before = Directory.GetFiles("/proc/self/fd").Length;
        for (var i = 0; i < 500; i++)
        {
            _ = Assert.Throws<SocketSetupException>(() => UdpSocket.Open(first.LocalEndpoint, default));
        }

        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 0, before + 400);
    }

    [Theory]
    [InlineData("127.0.8.1:0")]
    [InlineData("[::1]:0")]
    public void Sending_receiving_and_errors_allocate_nothing(string address)
    {
        SkipWithoutIpv6(address);
        using var client = Open(address, Everything with { Stamps = UdpStamps.ReceiveAndSend });
        using var server = Open(address, UdpOptions.Reflector);
        var closed = ClosedPort(address);
        var (batch, errors) = (new UdpBatch(), new UdpErrorBatch());
        var bytes = new byte[64];
        var taken = (Datagrams: 0, Errors: 0);
        Exchange();
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                Exchange();
            }
        }));
        Assert.Equal((2 * 3_001, 2 * 3_001), taken);

        void Exchange()
        {
            _ = client.SendStamped(bytes, server.LocalEndpoint, default, out _);
            _ = client.SendTo(bytes, closed);
            while (server.ReceiveBatch(batch).WouldBlock)
            {
            }

            taken.Datagrams += batch.Count;
            _ = server.SendTo(batch.Bytes(0), batch[0].Remote, batch[0].LocalAddress);
            for (var found = 0; found == 0; taken.Datagrams += found)
            {
                found = client.ReceiveBatch(batch).Count;
            }

            for (var found = 0; found < 2; taken.Errors += errors.Count)
            {
                found += client.ReceiveErrors(errors).Count;
            }

            _ = client.ReceiveBatch(batch);
            _ = client.SendTo(bytes, default);
        }
    }
}
