using System.Buffers.Binary;
using System.Text;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Heartbeat;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Hosting;

/// <summary>Bytes that are no heartbeat protocol, before the hello and after it; once over IPv4 and once over IPv6.</summary>
public abstract class FrameAttacks : IAsyncLifetime
{
    private readonly bool _v6;
    private TestMesh? _mesh;

    private protected FrameAttacks(bool v6) => _v6 = v6;

    private TestMesh Mesh => _mesh!;

    public async ValueTask InitializeAsync() =>
        _mesh = await TestMesh.StartAsync(v6: _v6, options: o => o with { HelloTimeout = Duration.FromSeconds(8) });

    public async ValueTask DisposeAsync()
    {
        await Mesh.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Impossible_lengths_and_contents_are_refused_at_once_and_counted()
    {
        foreach (var (frame, reason) in BadFrames())
        {
            await AssertRefusedAsync(frame, reason, hello: true);
        }

        foreach (var (frame, reason) in BadFrames().Append((Frame(15, Hello(20)), RefusalReason.FrameContent)))
        {
            await AssertRefusedAsync(frame, reason, hello: false);
        }

        await Mesh.AssertUnharmedAsync();
    }

    [Fact]
    public async Task Random_bytes_are_refused()
    {
        var seed = Random.Shared.Next();
        var random = new SplitMix64((ulong)seed);
        for (var i = 0; i < 50; i++)
        {
            var before = Mesh.Victim.Counters.Refused.Sum();
            var bytes = new byte[1 + random.Below(3000)];
            for (var at = 0; at < bytes.Length; at++)
            {
                bytes[at] = (byte)random.Next();
            }

            // A first length that is no length, so that the outcome does not depend on the rest.
            bytes[0] |= 1;
            using var peer = await RawPeer.CallAsync(Mesh.Victim.Self);
            if (i % 2 == 0)
            {
                peer.Hello(Fake());
            }

            peer.Send(bytes);
            peer.ShutdownSend();
            await peer.Ended.WaitAsync(Eventually.Hang);
            var expected = bytes.Length < HeartbeatWire.LengthPrefix ? 0 : 1;
            Assert.True(Mesh.Victim.Counters.Refused.Sum() == before + expected, $"seed {seed}, turn {i}: {Mesh}");
        }

        await Mesh.AssertUnharmedAsync();
    }

    [Fact]
    public async Task Web_browsers_and_other_protocols_are_refused()
    {
        await AssertRefusedAsync(Encoding.ASCII.GetBytes("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"), RefusalReason.FrameLength, hello: false);
        await AssertRefusedAsync([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01], RefusalReason.FrameLength, hello: false);
        await AssertRefusedAsync(Encoding.ASCII.GetBytes("SSH-2.0-OpenSSH_9.7\r\n"), RefusalReason.FrameLength, hello: false);
        await Mesh.AssertUnharmedAsync();
    }

    [Fact]
    public async Task A_frame_that_never_ends_and_a_hello_that_never_comes_end_the_connection()
    {
        var before = Mesh.Victim.Refused(RefusalReason.FrameTimeout);
        using var caller = await RawPeer.CallAsync(Mesh.Victim.Self);
        caller.Send([0, 0, 0, 7, 4, 127]);
        using var lengthOnly = await RawPeer.CallAsync(Mesh.Victim.Self);
        lengthOnly.Send([0]);
        var self = Fake();
        using var peer = await Mesh.JoinAsync(self, isBeating: false);
        peer.Ping();
        peer.Send([0, 0, 4, 0, 1, 2, 3]);

        // And one that says nothing at all.
        using var mute = await RawPeer.CallAsync(Mesh.Victim.Self);

        foreach (var each in new[] { caller, lengthOnly, peer, mute })
        {
            Assert.Equal(RawEnd.Reset, await each.Ended.WaitAsync(Eventually.Hang));
        }

        Assert.Equal(before + 3, Mesh.Victim.Refused(RefusalReason.FrameTimeout));
        Assert.Equal(1, Mesh.Victim.Refused(RefusalReason.HelloTimeout));
        await Mesh.AssertUnharmedAsync();
    }

    [Fact]
    public async Task A_byte_a_second_is_too_slow()
    {
        var before = Mesh.Victim.Refused(RefusalReason.FrameTimeout);
        using var caller = await RawPeer.CallAsync(Mesh.Victim.Self);
        using var peer = await Mesh.JoinAsync(Fake(), isBeating: false);
        var hello = Frame(7, Hello(0));
        for (var i = 0; i < hello.Length && !(caller.Ended.IsCompleted && peer.Ended.IsCompleted); i++)
        {
            caller.Send(hello.AsSpan(i, 1));
            peer.Send(hello.AsSpan(i, 1));
            await Eventually.WithinAsync(() => caller.Ended.IsCompleted && peer.Ended.IsCompleted, TimeSpan.FromSeconds(1));
        }

        Assert.Equal(RawEnd.Reset, await caller.Ended.WaitAsync(Eventually.Hang));
        Assert.Equal(RawEnd.Reset, await peer.Ended.WaitAsync(Eventually.Hang));
        Assert.Equal(before + 2, Mesh.Victim.Refused(RefusalReason.FrameTimeout));
        await Mesh.AssertUnharmedAsync();
    }

    private static List<(byte[] Bytes, RefusalReason Reason)> BadFrames() =>
    [
        (Frame(0), RefusalReason.FrameLength),
        (Frame(3, 4, 127, 0), RefusalReason.FrameContent),
        (Frame(7, 5, 127, 0, 0, 9, 0, 1), RefusalReason.FrameContent),
        (Frame(1025, new byte[1025]), RefusalReason.FrameLength),
        (Frame(0x7fffffff, new byte[100]), RefusalReason.FrameLength),
        (Frame(-1), RefusalReason.FrameLength),
        (Frame(int.MinValue, 1, 2, 3), RefusalReason.FrameLength),
        // An address length of 5, as a hello and in a list behind a stamp.
        (Frame(8, 5, 127, 0, 0, 9, 9, 0, 1), RefusalReason.FrameContent),
        (Frame(16, 0, 0, 0, 0, 0, 0, 0, 1, 5, 127, 0, 0, 9, 9, 0, 1), RefusalReason.FrameContent),
        // A list that ends inside an address.
        (Frame(13, 0, 0, 0, 0, 0, 0, 0, 1, 16, 127, 0, 0, 9), RefusalReason.FrameContent),
    ];

    private static byte[] Frame(int length, params byte[] body)
    {
        var frame = new byte[4 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, length);
        body.CopyTo(frame, 4);
        return frame;
    }

    private static byte[] Hello(int pad) => [4, 127, 0, 0, 9, 0x2f, 0xbe, .. new byte[pad]];

    private NodeEndpoint Fake() => _v6 ? LoopbackAddresses.NextV6() : LoopbackAddresses.Next();

    private async Task AssertRefusedAsync(byte[] bytes, RefusalReason reason, bool hello)
    {
        // A peer's stamp may be anything at all: the body of eight bytes is a heartbeat once the hello was said.
        var isHeartbeat = hello && reason == RefusalReason.FrameContent && bytes.Length == 12;
        var before = Mesh.Victim.Refused(reason);
        var all = Mesh.Victim.Counters.Refused.Sum();
        using var peer = await RawPeer.CallAsync(Mesh.Victim.Self);
        if (hello)
        {
            peer.Hello(Fake());
        }

        peer.Send(isHeartbeat ? Frame(15, new byte[15]) : bytes);
        Assert.NotEqual(RawEnd.Disposed, await peer.Ended.WaitAsync(Eventually.Hang));
        Assert.True(before + 1 == Mesh.Victim.Refused(reason), $"{Convert.ToHexString(bytes.AsSpan(0, 4))} {reason}: {Mesh}");
        Assert.Equal(all + 1, Mesh.Victim.Counters.Refused.Sum());
    }
}
