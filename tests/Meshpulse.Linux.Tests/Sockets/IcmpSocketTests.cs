using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Tests.Interop;
using Meshpulse.Linux.Tests.Timing;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;
using static Meshpulse.Linux.Tests.Sockets.UdpLoopback;

namespace Meshpulse.Linux.Tests.Sockets;

/// <summary>
/// Both kinds of socket, whatever this machine permits: each test runs in a network of its own, whose settings permit the
/// datagram kind or leave only the raw one.
/// </summary>
public sealed class IcmpSocketTests
{
    private static readonly UdpOptions Everything =
        UdpOptions.Probe with { Stamps = UdpStamps.ReceiveAndSend, ReportLocalAddress = true };

    public static TheoryData<IcmpSocketKind, string> Ways => new()
    {
        { IcmpSocketKind.Datagram, "127.0.0.1:0" },
        { IcmpSocketKind.Datagram, "[::1]:0" },
        { IcmpSocketKind.Raw, "127.0.0.1:0" },
        { IcmpSocketKind.Raw, "[::1]:0" },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void An_echo_is_answered_with_all_that_is_known_of_it(IcmpSocketKind kind, string address) => InNetworkFor(kind, address, () =>
    {
        var target = LoopbackPair.Endpoint(address);
        using var socket = Open(kind, target);
        WarmUp(socket, target);
        byte[][] payloads = [[], [1], [1, 2, 3], new byte[1400]];
        new Random(3).NextBytes(payloads[3]);
        var batch = new UdpBatch();
        for (var i = 0; i < payloads.Length; i++)
        {
            var sequence = 65_534 + i;
            var before = SystemClocks.Wall();
            Assert.Equal(new IoResult(8 + payloads[i].Length, Errno.None), socket.SendEcho(target, sequence, payloads[i]));
            var reply = ReceiveOne(socket, batch);
            var arrival = batch[reply.Slot];
            Assert.Equal(sequence & 0xffff, reply.Sequence);
            Assert.Equal(payloads[i], reply.Payload(batch).ToArray());
            Assert.True(arrival.Remote.SameAddress(target));
            Assert.True(arrival.LocalAddress.SameAddress(target));
            Assert.Equal(64, arrival.TimeToLive);
            Assert.Equal(0, arrival.TypeOfService);
            Assert.True(arrival.HasStamp);
            Assert.InRange(arrival.Stamp.Nanoseconds, before.Nanoseconds, SystemClocks.Wall().Nanoseconds);
        }

        Assert.Equal(0, socket.Strangers);
        Assert.True(socket.ReceiveReplies(batch, new IcmpReply[64]).WouldBlock);
    });

    [Theory]
    [MemberData(nameof(Ways))]
    public void Two_sockets_hear_their_own_answers_only(IcmpSocketKind kind, string address) => InNetworkFor(kind, address, () =>
    {
        var target = LoopbackPair.Endpoint(address);
        using var one = Open(kind, target, 0x1111);
        using var other = Open(kind, target, 0x2222);
        Assert.Equal((0x1111, 0x2222), (one.Identifier, other.Identifier));
        var batch = new UdpBatch();
        Assert.True(one.SendEcho(target, 1, [1]).Ok);
        Assert.True(other.SendEcho(target, 2, [2]).Ok);
        Assert.Equal(1, ReceiveOne(one, batch).Sequence);
        Assert.Equal(2, ReceiveOne(other, batch).Sequence);
        // A raw socket is given both, and says that one was none of its own.
        var strangers = kind == IcmpSocketKind.Raw ? 2 : 0;
        var more = 0;
        Assert.True(SpinWait.SpinUntil(
            () => (more += Drain(one) + Drain(other)) > 0 || one.Strangers + other.Strangers == strangers, TimeSpan.FromSeconds(60)));
        Assert.Equal((0, strangers), (more, one.Strangers + other.Strangers));
    });

    [Theory]
    [MemberData(nameof(Ways))]
    public void Without_a_wish_it_has_an_identifier_all_the_same(IcmpSocketKind kind, string address) => InNetworkFor(kind, address, () =>
    {
        var target = LoopbackPair.Endpoint(address);
        using var one = Open(kind, target);
        using var other = Open(kind, target);
        Assert.InRange(one.Identifier, 1, 65_535);
        Assert.InRange(other.Identifier, 1, 65_535);
        Assert.NotEqual(one.Identifier, other.Identifier);
    });

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_stamped_echo_has_its_send_stamp(IcmpSocketKind kind, string address) => InNetworkFor(kind, address, () =>
    {
        var target = LoopbackPair.Endpoint(address);
        using var socket = Open(kind, target);
        var errors = new UdpErrorBatch();
        for (var i = 0u; i < 10; i++)
        {
            Assert.True(socket.SendEcho(target, 1, [1]).Ok);
            var before = SystemClocks.Wall();
            Assert.True(socket.SendEchoStamped(target, 2, [1], out var id).Ok);
            var entry = ErrorOne(socket, errors);
            Assert.Equal((UdpErrorKind.SendStamp, i, i), (entry.Kind, entry.StampId, id));
            Assert.InRange(entry.Stamp.Nanoseconds, before.Nanoseconds, SystemClocks.Wall().Nanoseconds);
        }
    });

    [Theory]
    [MemberData(nameof(Ways))]
    public void Echoes_and_answers_allocate_nothing(IcmpSocketKind kind, string address) => InNetworkFor(kind, address, () =>
    {
        var target = LoopbackPair.Endpoint(address);
        using var socket = Open(kind, target);
        var batch = new UdpBatch();
        var (replies, payload) = (new IcmpReply[64], new byte[56]);
        var taken = 0;
        Exchange();
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 500; i++)
            {
                Exchange();
            }
        }));
        Assert.Equal(1_501, taken);

        void Exchange()
        {
            _ = socket.SendEcho(target, 7, payload);
            for (var found = 0; found == 0; taken += found)
            {
                found = socket.ReceiveReplies(batch, replies).Count;
            }
        }
    });

    [Theory]
    [InlineData("127.0.0.1:0")]
    [InlineData("[::1]:0")]
    public void Without_either_permission_it_says_why(string address) => InNetworkFor(IcmpSocketKind.None, address, () =>
    {
        Assert.True(TestCalls.DropPrivileges());
        Assert.Null(IcmpSocket.Open(LoopbackPair.Endpoint(address), 0, Everything, out var access));
        Assert.Equal(new IcmpAccess(IcmpSocketKind.None, Errno.EACCES, Errno.EPERM), access);
        Assert.Equal(
            "no ICMP echo: datagram socket: net.ipv4.ping_group_range has none of our groups; raw socket: CAP_NET_RAW is missing",
            access.ToString());
    });

    [Fact]
    public void Without_privileges_the_group_range_is_enough() => InNetworkFor(IcmpSocketKind.Datagram, "127.0.0.1:0", () =>
    {
        Assert.True(TestCalls.DropPrivileges());
        var target = LoopbackPair.Endpoint("127.0.0.1:0");
        using var socket = Open(IcmpSocketKind.Datagram, target);
        Assert.True(socket.SendEcho(target, 9, [4]).Ok);
        Assert.Equal(9, ReceiveOne(socket, new UdpBatch()).Sequence);
    });

    [Fact]
    public void An_identifier_in_use_is_named_in_the_exception() => InNetworkFor(IcmpSocketKind.Datagram, "127.0.0.1:0", () =>
    {
        var target = LoopbackPair.Endpoint("127.0.0.1:0");
        using var socket = Open(IcmpSocketKind.Datagram, target, 77);
        var failure = Assert.Throws<SocketSetupException>(() => IcmpSocket.Open(target, 77, Everything, out _));
        Assert.Equal("127.0.0.1:77: address already in use", failure.Message);
    });

    [Fact]
    public void Nonsense_is_refused() => InNetworkFor(IcmpSocketKind.Datagram, "127.0.0.1:0", () =>
    {
        var target = LoopbackPair.Endpoint("127.0.0.1:0");
        Assert.Throws<ArgumentOutOfRangeException>(() => IcmpSocket.Open(target, 65_536, default, out _));
        using var socket = Open(IcmpSocketKind.Datagram, target);
        Assert.Equal(Errno.EINVAL, socket.ReceiveReplies(new UdpBatch(8), new IcmpReply[7]).Error);
        Assert.False(socket.SendEcho(LoopbackPair.Endpoint("[::1]:0"), 1, [1]).Ok);
        socket.Dispose();
        Assert.Equal(Errno.EBADF, socket.SendEcho(target, 1, [1]).Error);
        Assert.Equal(Errno.EBADF, socket.ReceiveReplies(new UdpBatch(8), new IcmpReply[8]).Error);
    });

    /// <summary>In the network that everything else runs in, whatever it permits: the way that the program itself goes.</summary>
    [Theory]
    [InlineData("127.0.0.1:0")]
    [InlineData("[::1]:0")]
    public void As_this_machine_is_set_it_is_answered(string address)
    {
        SkipWithoutIpv6(address);
        var target = LoopbackPair.Endpoint(address);
        using var socket = IcmpSocket.Open(target, 0, Everything, out var access);
        Assert.SkipUnless(socket is not null, access.ToString());
        Assert.Equal(access.Kind, socket.Kind);
        Assert.True(socket.SendEcho(target, 5, [1, 2]).Ok);
        Assert.Equal(5, ReceiveOne(socket, new UdpBatch()).Sequence);
    }

    private static void InNetworkFor(IcmpSocketKind kind, string address, Action test)
    {
        SkipWithoutIpv6(address);
        OwnNetwork.Run(() =>
        {
            OwnNetwork.SetPingGroups(kind == IcmpSocketKind.Datagram ? "0 2147483647" : "1 0");
            test();
        });
    }

    private static IcmpSocket Open(IcmpSocketKind kind, NodeEndpoint address, int identifier = 0)
    {
        var socket = IcmpSocket.Open(address, identifier, Everything, out var access);
        Assert.True(socket is not null, access.ToString());
        Assert.Equal((kind, kind), (socket.Kind, access.Kind));
        return socket;
    }

    private static void WarmUp(IcmpSocket socket, NodeEndpoint target)
    {
        var batch = new UdpBatch();
        for (var i = 0; i < 1_000; i++)
        {
            Assert.True(socket.SendEcho(target, i, [1]).Ok);
            if (batch[ReceiveOne(socket, batch).Slot].HasStamp)
            {
                return;
            }

            Assert.Equal(Errno.None, AbsoluteSleep.Until(SystemClocks.Mono() + Duration.FromMilliseconds(1)));
        }

        Assert.Fail("a thousand answers came without a stamp");
    }

    /// <summary>Waits for one answer, past any strangers.</summary>
    private static IcmpReply ReceiveOne(IcmpSocket socket, UdpBatch batch)
    {
        var replies = new IcmpReply[batch.Capacity];
        while (true)
        {
            Wait(socket);
            var result = socket.ReceiveReplies(batch, replies);
            Assert.True(result.Ok, result.Error.Text());
            if (result.Count > 0)
            {
                Assert.Equal(1, result.Count);
                return replies[0];
            }
        }
    }

    private static int Drain(IcmpSocket socket)
    {
        var (batch, replies, count) = (new UdpBatch(), new IcmpReply[64], 0);
        for (var result = socket.ReceiveReplies(batch, replies); result.Ok; result = socket.ReceiveReplies(batch, replies))
        {
            count += result.Count;
        }

        return count;
    }
}
