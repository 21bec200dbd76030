using System.Buffers.Binary;
using System.Net;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.Reflecting;
using Meshpulse.Agent.Tests.Hosting;
using Meshpulse.Core.Probing.StampReflector;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Agent.Tests.Reflecting;

/// <summary>The reflector on real sockets, asked by a sender made by hand.</summary>
public sealed class StampReflectorServiceTests
{
    private const string Host = "127.0.98.1";

    private static StampKey Key => StampKey.TryParse("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", out var key) ? key : default;

    [Fact]
    public async Task A_session_is_numbered_from_0_and_what_was_asked_comes_back()
    {
        await using var reflector = await StartAsync(Host);
        var at = reflector.Endpoints[0];
        using var sender = new StampAsker(IPAddress.Parse("127.0.98.2")) { Ttl = 250 };
        // The sender's numbers are its own: they begin anywhere and jump.
        uint[] numbers = [7, 8, 4_000_000_000];
        for (var i = 0; i < numbers.Length; i++)
        {
            var before = SystemClocks.Wall();
            var reply = sender.Ask(StampAsker.Request(numbers[i], 0x1234), at);
            Assert.Equal(44, reply.Length);
            Assert.Equal(StampError.None, StampReflectorView.TryCreate(reply, StampMode.Unauthenticated, out var view));
            Assert.Equal((uint)i, view.Sequence);
            Assert.Equal((numbers[i], 0xe8fe6f80_1f9add37UL, (ushort)0x8f84), (view.SenderSequence, view.SenderTimestamp.Bits, view.SenderErrorEstimate.Bits));
            Assert.Equal(((ushort)0x1234, (byte)250), (view.Ssid, view.SenderTtl));
            AssertTimes(view, before);
        }

        // Another id from the same port is another session, and so is another port.
        Assert.Equal(0u, SequenceOf(sender.Ask(StampAsker.Request(9, 0x1235), at)));
        using var other = new StampAsker(IPAddress.Parse("127.0.98.2"));
        Assert.Equal(0u, SequenceOf(other.Ask(StampAsker.Request(9, 0x1234), at)));
        Assert.Equal(3u, SequenceOf(sender.Ask(StampAsker.Request(9, 0x1234), at)));
        Assert.Equal((6L, 3L, 6L), (reflector.Counts.Answered, reflector.Counts.Sessions, reflector.Counts.Packets));
    }

    [Fact]
    public async Task The_error_estimate_is_what_the_kernel_says_of_its_clock()
    {
        Assert.SkipUnless(ClockStatus.TryRead(out var status), "adjtimex(2) is forbidden here");
        await using var reflector = await StartAsync(Host);
        using var sender = new StampAsker(IPAddress.Parse(Host));
        var reply = sender.Ask(StampAsker.Request(0, 1), reflector.Endpoints[0]);
        Assert.Equal(StampError.None, StampReflectorView.TryCreate(reply, StampMode.Unauthenticated, out var view));
        Assert.Equal(status.IsSynchronised, view.ErrorEstimate.IsSynchronised);
        Assert.Equal(StampTimestampFormat.Ntp, view.ErrorEstimate.Format);
        // Told upwards, in steps of less than one per cent; the kernel's own grows meanwhile, or is set anew by a time daemon.
        Assert.True(ClockStatus.TryRead(out var later));
        var (least, most) = (Duration.Min(status.MaximumError, later.MaximumError), Duration.Max(status.MaximumError, later.MaximumError));
        Assert.True(view.ErrorEstimate.BoundNanoseconds >= least.Nanoseconds, $"{view.ErrorEstimate.BoundNanoseconds} for {status.MaximumError} to {later.MaximumError}");
        Assert.True(view.ErrorEstimate.BoundNanoseconds <= (most.Nanoseconds * 1.01) + 50_000_000, $"{view.ErrorEstimate.BoundNanoseconds} for {status.MaximumError} to {later.MaximumError}");
    }

    [Fact]
    public async Task Whoever_signs_with_any_of_the_keys_is_answered_with_the_same_key()
    {
        Assert.True(StampKey.TryParse("ff", out var old));
        Assert.True(StampKey.TryParse("fe", out var unknown));
        await using var reflector = await StartAsync(Host, new StampResponderOptions { Mode = StampMode.Authenticated, Keys = new StampKeyRing(Key, old) });
        var at = reflector.Endpoints[0];
        using var sender = new StampAsker(IPAddress.Parse(Host));
        sender.Send(StampAsker.Signed(0, 1, unknown), at);
        sender.Send(StampAsker.Request(0, 1, more: new byte[68]), at);
        sender.Send(StampAsker.Request(0, 1), at);
        foreach (var (key, number) in new[] { (Key, 0u), (old, 1u) })
        {
            var reply = sender.Ask(StampAsker.Signed(number, 1, key), at);
            Assert.Equal((112, number), (reply.Length, SequenceOf(reply)));
            Assert.True(StampMac.TryVerifyPacket(new StampKeyRing(key), reply, out _));
        }

        // What is not signed was seen before what is, and made neither reply nor session, nor used up a number.
        Assert.False(sender.HasMore);
        var counts = reflector.Counts;
        Assert.Equal((2L, 1L, 2L, 1L), (counts.Answered, counts.Sessions, CountOf(counts, StampDecision.Mac), CountOf(counts, StampDecision.TooShort)));
    }

    [Fact]
    public async Task A_TWAMP_Light_sender_is_answered_and_less_is_not()
    {
        await using var reflector = await StartAsync(Host);
        var at = reflector.Endpoints[0];
        using var sender = new StampAsker(IPAddress.Parse(Host));
        var request = Convert.FromHexString("00000000e8fe6f801f9add373fff");
        sender.Send(request.AsSpan(0, 13), at);
        sender.Send([], at);
        var reply = sender.Ask(request, at);
        Assert.Equal(44, reply.Length);
        Assert.Equal("00000000e8fe6f801f9add373fff0000", Convert.ToHexStringLower(reply.AsSpan(24, 16)));
        Assert.False(sender.HasMore);
        Assert.Equal((1L, 2L), (reflector.Counts.Answered, CountOf(reflector.Counts, StampDecision.TooShort)));
    }

    [Fact]
    public async Task Padding_comes_back_as_it_went_where_TLVs_are_off()
    {
        await using var reflector = await StartAsync(Host, new StampResponderOptions { ProcessTlvs = false });
        using var sender = new StampAsker(IPAddress.Parse(Host));
        var reply = sender.Ask(StampAsker.Request(0, 0, more: [0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6]), reflector.Endpoints[0]);
        Assert.Equal("a1a2a3a4a5a6", Convert.ToHexStringLower(reply.AsSpan(44)));
        var large = StampAsker.Request(1, 0, more: new byte[65_507 - 44]);
        Assert.Equal(large.Length, sender.Ask(large, reflector.Endpoints[0]).Length);
    }

    [Fact]
    public async Task A_reply_that_comes_back_gets_no_answer()
    {
        await using var reflector = await StartAsync(Host);
        await using var second = await StartAsync(Host);
        var at = reflector.Endpoints[0];
        using var sender = new StampAsker(IPAddress.Parse(Host));
        var reply = sender.Ask(StampAsker.Request(0, 1), at);
        sender.Send(reply, at);
        sender.Send(reply, second.Endpoints[0]);
        _ = sender.Ask(StampAsker.Request(1, 1), at);
        _ = sender.Ask(StampAsker.Request(1, 1), second.Endpoints[0]);
        Assert.False(sender.HasMore);
        Assert.Equal((1L, 1L), (CountOf(reflector.Counts, StampDecision.Reply), CountOf(second.Counts, StampDecision.Reply)));
    }

    [Theory]
    [InlineData("0.0.0.0", "127.0.98.3")]
    [InlineData("0.0.0.0", "127.0.98.4")]
    [InlineData("::", "::1")]
    public async Task Bound_to_all_addresses_it_answers_from_the_one_that_was_asked(string all, string asked)
    {
        await using var reflector = await StartAsync(all);
        using var sender = new StampAsker(IPAddress.Parse(asked)) { Ttl = 99 };
        var at = NodeEndpoint.From(IPAddress.Parse(asked), reflector.Endpoints[0].Port);
        var reply = sender.Ask(StampAsker.Request(0, 5), at);
        Assert.Equal(StampError.None, StampReflectorView.TryCreate(reply, StampMode.Unauthenticated, out var view));
        Assert.Equal(((ushort)5, (byte)99, 0u), (view.Ssid, view.SenderTtl, view.Sequence));
    }

    [Fact]
    public async Task Both_families_have_one_port_and_one_count()
    {
        await using var reflector = await StartAsync(["0.0.0.0", "::"]);
        Assert.Equal(reflector.Endpoints[0].Port, reflector.Endpoints[1].Port);
        foreach (var address in new[] { IPAddress.Loopback, IPAddress.IPv6Loopback })
        {
            using var sender = new StampAsker(address);
            Assert.Equal(0u, SequenceOf(sender.Ask(StampAsker.Request(3, 5), NodeEndpoint.From(address, reflector.Endpoints[0].Port))));
        }

        Assert.Equal((2L, 2L), (reflector.Counts.Answered, reflector.Counts.Sessions));
    }

    [Fact]
    public async Task Follow_Up_Telemetry_tells_the_kernels_time_of_the_reply_before()
    {
        await using var reflector = await StartAsync(Host);
        using var sender = new StampAsker(IPAddress.Parse(Host));
        var tlv = new byte[20];
        (tlv[0], tlv[1], tlv[3]) = (0x80, 7, 16);
        var before = default(StampTimestamp);
        for (uint i = 0; i < 20; i++)
        {
            var reply = sender.Ask(StampAsker.Request(i, 1, more: tlv), reflector.Endpoints[0]);
            Assert.Equal(StampError.None, StampReflectorView.TryCreate(reply, StampMode.Unauthenticated, out var view));
            Assert.True(StampFollowUp.TryRead(view.Tlvs[4..], out var told));
            if (i > 0)
            {
                Assert.Equal((i - 1, StampTimestampMethod.SoftwareLocal), (told.Sequence, told.Method));
                Assert.InRange(told.Timestamp.Bits, before.Bits, view.Timestamp.Bits);
            }

            before = view.Timestamp;
        }

        await Eventually.TrueAsync(() => reflector.Counts.SendStamps == 20, () => $"{reflector.Counts.SendStamps} stamps");
        // Those who don't ask cost no stamp.
        _ = sender.Ask(StampAsker.Request(20, 1), reflector.Endpoints[0]);
        _ = sender.Ask(StampAsker.Request(21, 1), reflector.Endpoints[0]);
        Assert.Equal(20, reflector.Counts.SendStamps);
    }

    [Fact]
    public async Task Without_state_the_senders_number_comes_back_and_only_those_allowed_are_answered()
    {
        Assert.True(AddressNetwork.TryParse("127.0.98.8/32", out var network));
        await using var reflector = await StartAsync(Host, new StampResponderOptions { Stateless = true, Allow = [network] });
        using var stranger = new StampAsker(IPAddress.Parse("127.0.98.9"));
        stranger.Send(StampAsker.Request(0, 1), reflector.Endpoints[0]);
        using var sender = new StampAsker(IPAddress.Parse("127.0.98.8"));
        Assert.Equal(4711u, SequenceOf(sender.Ask(StampAsker.Request(4711, 1), reflector.Endpoints[0])));
        Assert.False(stranger.HasMore);
        Assert.Equal((0L, 1L), (reflector.Counts.Sessions, CountOf(reflector.Counts, StampDecision.NotAllowed)));
    }

    [Fact]
    public async Task A_port_in_use_is_said_with_what_to_do()
    {
        await using var first = await StartAsync(Host);
        var options = new StampReflectorOptions { Listen = [first.Endpoints[0]] };
        var refused = await Assert.ThrowsAsync<StampReflectorStartException>(() => StampReflectorService.StartAsync(options, CancellationToken.None));
        Assert.Contains($"{first.Endpoints[0]}: address already in use", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--listen :", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_metrics_port_is_taken_it_gives_its_own_back()
    {
        await using var first = await StartAsync(Host, new StampResponderOptions(), new MetricsListenSpec(IPAddress.Parse(Host), 0));
        using var client = new HttpClient();
        using var sender = new StampAsker(IPAddress.Parse(Host));
        _ = sender.Ask(StampAsker.Request(0, 1), first.Endpoints[0]);
        var page = await client.GetStringAsync($"http://{first.MetricsEndPoint}/metrics");
        Assert.Contains("meshpulse_stamp_packets_total{decision=\"answered\"} 1\n", page, StringComparison.Ordinal);
        Assert.Contains("meshpulse_stamp_sessions 1\n", page, StringComparison.Ordinal);

        var wanted = NodeEndpoint.From(IPAddress.Parse("127.0.98.7"), Ports.Next());
        var options = new StampReflectorOptions { Listen = [wanted], Metrics = new MetricsListenSpec(IPAddress.Parse(Host), first.MetricsEndPoint!.Port) };
        await Assert.ThrowsAsync<MetricsStartException>(() => StampReflectorService.StartAsync(options, CancellationToken.None));
        await using var second = await StampReflectorService.StartAsync(options with { Metrics = null }, CancellationToken.None);
        Assert.Equal(wanted, second.Endpoints[0]);
    }

    private static Task<StampReflectorService> StartAsync(string host, StampResponderOptions? responder = null, MetricsListenSpec? metrics = null) =>
        StartAsync([host], responder, metrics);

    private static Task<StampReflectorService> StartAsync(string[] hosts, StampResponderOptions? responder = null, MetricsListenSpec? metrics = null) =>
        StampReflectorService.StartAsync(
            new StampReflectorOptions
            {
                Listen = [.. hosts.Select(h => NodeEndpoint.From(IPAddress.Parse(h), 0))],
                Responder = responder ?? new StampResponderOptions(),
                Metrics = metrics,
            },
            CancellationToken.None);

    private static uint SequenceOf(byte[] reply) => BinaryPrimitives.ReadUInt32BigEndian(reply);

    private static long CountOf(StampReflectorCounts counts, StampDecision decision) => counts.Decisions.Single(d => d.Key == decision).Value;

    private static void AssertTimes(StampReflectorView view, WallTime before)
    {
        var after = SystemClocks.Wall();
        Assert.True(view.ReceiveTimestamp.TryGetNanoseconds(StampTimestampFormat.Ntp, after.Nanoseconds, out var t2));
        Assert.True(view.Timestamp.TryGetNanoseconds(StampTimestampFormat.Ntp, after.Nanoseconds, out var t3));
        Assert.InRange(t2, before.Nanoseconds, t3);
        Assert.InRange(t3, t2, after.Nanoseconds);
    }
}
