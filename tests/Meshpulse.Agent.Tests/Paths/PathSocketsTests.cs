using System.Net;
using System.Net.Sockets;
using Meshpulse.Agent.Paths;
using Meshpulse.Agent.Reflecting;
using Meshpulse.Agent.Tests.Hosting;
using Meshpulse.Agent.Tests.Reflecting;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Probing.Ping;
using Meshpulse.Core.Probing.StampReflector;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Paths;

/// <summary>Real sockets on the loopback, and our own reflector where there is one.</summary>
public sealed class PathSocketsTests
{
    private const int ConnectionRefused = 111;
    private const int PermissionDenied = 13;
    private const int NoSuchAddress = 99;
    private const PathStamps BothWays = PathStamps.Send | PathStamps.Receive;

    private static readonly Duration s_fast = Duration.FromMilliseconds(4);

    [Theory]
    [InlineData("127.0.82.1")]
    [InlineData("::1")]
    public async Task Times_are_the_kernels_at_both_ends_and_each_flow_has_a_port_of_its_own(string host)
    {
        await using var reflector = await ReflectAsync(host);
        using var bench = new PathBench();
        var settings = new PathSettings { Interval = s_fast, Dscp = 46, DscpSweep = [10], Timeout = Duration.FromSeconds(30) };
        bench.Node.Add(1, settings, reflector.Endpoints[0], SystemClocks.Mono());
        // The machine begins to stamp a moment after the first socket asks for it.
        bench.Until(() => Stamped().Count > 200 && bench.Windows > 1);

        Assert.All(bench.Decisions, d => Assert.Equal(PingOutcome.Answered, d.Outcome));
        Assert.DoesNotContain(bench.Unsent, u => u.Cause != UnsentCause.Late);
        Assert.Empty(bench.Strays);
        var exchanges = Stamped();
        Assert.All(exchanges, e => Assert.Equal(BothWays, e.Stamps & ~PathStamps.Reflector));
        Assert.True(exchanges.Count(e => e.Stamps.HasFlag(PathStamps.Reflector)) > exchanges.Count / 2, "the reflector's kernel tells when replies leave");
        Assert.All(exchanges, e => Assert.Equal((255, (byte?)255, (byte?)(e.Flow == 8 ? 10 : 46)), (e.SenderTtl, e.Ttl, e.SeenDscp)));
        Assert.All(exchanges, e => Assert.True(e.Clocks.IsConsistent, $"{e.Clocks}"));
        Assert.True(bench.Sockets is { SendStamps: > 200, Traffic: { KernelStamps: > 200, Drops: 0 } });

        var flows = bench.Totals.Values.ToList();
        Assert.Equal(9, flows.Where(f => f.SourcePort > 0).Select(f => f.SourcePort).Distinct().Count());
        Assert.Equal(9, reflector.Counts.Sessions);

        // From the hundredth on that has both stamps.
        List<PathExchange> Stamped() =>
            [.. bench.Exchanges.Select(e => e.Exchange).SkipWhile(e => (e.Stamps & BothWays) != BothWays).Skip(100)];
    }

    [Theory]
    [InlineData("127.0.82.2")]
    [InlineData("::1")]
    public async Task An_unreachable_port_is_told_and_does_not_disturb_others_on_the_same_socket(string host)
    {
        await using var reflector = await ReflectAsync(host);
        var closed = NodeEndpoint.From(IPAddress.Parse(host), Ports.Next());
        using var bench = new PathBench();
        var settings = new PathSettings { Interval = s_fast, Flows = 2, Timeout = Duration.FromMilliseconds(100) };
        bench.Node.Add(1, settings, closed, SystemClocks.Mono());
        bench.Node.Add(2, settings with { Timeout = Duration.FromSeconds(30) }, reflector.Endpoints[0], SystemClocks.Mono());
        bench.Until(() => bench.IcmpErrors.Count > 50 && bench.Decisions.Count(d => d.Path == 1) > 50 && bench.Decisions.Count(d => d.Path == 2) > 200);
        Assert.All(bench.IcmpErrors, e => Assert.Equal((1, ConnectionRefused), e));
        Assert.All(bench.Decisions, d => Assert.Equal(d.Path == 1 ? PingOutcome.Lost : PingOutcome.Answered, d.Outcome));
        Assert.DoesNotContain(bench.Unsent, u => u.Cause != UnsentCause.Late);
    }

    [Fact]
    public void On_the_wire_are_the_code_point_a_TTL_of_255_and_dont_fragment()
    {
        var at = NodeEndpoint.FromBytes([127, 0, 82, 3], 9);
        using var wire = Wire(at);
        using var bench = new PathBench();
        foreach (var isWhole in new[] { false, true })
        {
            var channel = isWhole ? 1 : 0;
            Assert.Equal(ProbeSend.Sent, bench.Sockets.Open(channel, Channel(at, dscp: 46) with { IsWhole = isWhole }, out var port));
            Assert.Equal(ProbeSend.Sent, bench.Sockets.Send(channel, at, new byte[1200], cookie: null));
            var packet = new byte[2000];
            Assert.Equal(1228, wire.Receive(packet));
            Assert.Equal((46 << 2, 255, port), (packet[1], packet[8], (packet[20] << 8) | packet[21]));
            Assert.Equal(isWhole, isWhole && (packet[6] & 0x40) != 0);
        }
    }

    [Fact]
    public void A_channels_number_may_be_given_again_once_it_is_closed_and_its_port_is_another()
    {
        using var target = new StampAsker(IPAddress.Parse("127.0.82.4"));
        using var bench = new PathBench();
        var sockets = bench.Sockets;
        const int First = 3;
        const int Second = 0;
        Assert.Equal(ProbeSend.Sent, sockets.Open(First, Channel(target.Local), out var firstPort));
        Assert.Equal(ProbeSend.Sent, sockets.Open(Second, Channel(target.Local) with { Flow = 1 }, out _));
        sockets.Close(First);
        // Its port is free again.
        using (var holder = Bind(IPAddress.Parse("127.0.82.4"), firstPort))
        {
            Assert.Equal(ProbeSend.Sent, sockets.Open(First, Channel(target.Local), out var port));
            Assert.Equal(ProbeSend.Sent, sockets.Send(First, target.Local, [1, 2, 3], cookie: null));
            Assert.Equal([1, 2, 3], target.Receive(out var from));
            Assert.Equal(port, from.Port);
            Assert.NotEqual(firstPort, port);
        }

        sockets.Close(Second);
        sockets.Close(First);
        sockets.CountDrops();
        Assert.Equal(0, sockets.Traffic.Drops);
    }

    [Fact]
    public void What_a_queue_of_ours_drops_stands_in_the_counts_of_the_paths_that_use_it()
    {
        using var flood = new StampAsker(IPAddress.Parse("127.0.82.8"));
        using var bench = new PathBench();
        bench.Node.Add(1, new PathSettings { Flows = 2, Timeout = Duration.FromSeconds(30) }, flood.Local, SystemClocks.Mono());
        bench.Until(() => bench.Windows > 0);
        var (crowded, other) = (bench.Totals[(1, 0)], bench.Totals[(1, 1)]);
        Assert.Equal((0u, 0u), (crowded.ReceiveDrops, other.ReceiveDrops));
        // Nobody reads meanwhile: some two thousand of these are more than the queue holds.
        var bytes = new byte[16_000];
        for (var i = 0; i < 4_000; i++)
        {
            flood.Send(bytes, NodeEndpoint.FromBytes([127, 0, 0, 1], crowded.SourcePort));
        }

        bench.Sockets.CountDrops();
        var dropped = bench.Sockets.Traffic.Drops;
        Assert.InRange(dropped, 1, 4_000);
        bench.Until(() => bench.Totals[(1, 0)].ReceiveDrops > 0);
        Assert.Equal((dropped, 0u), (bench.Totals[(1, 0)].ReceiveDrops, bench.Totals[(1, 1)].ReceiveDrops));
        // A path that comes later shares the socket and not its past.
        bench.Node.Add(2, new PathSettings { Flows = 2 }, NodeEndpoint.FromBytes([127, 0, 82, 9], 9), SystemClocks.Mono());
        bench.Until(() => bench.Totals.ContainsKey((2, 0)));
        Assert.Equal((crowded.SourcePort, 0u), (bench.Totals[(2, 0)].SourcePort, bench.Totals[(2, 0)].ReceiveDrops));
    }

    [Fact]
    public void An_address_of_another_host_leaves_its_probes_unsent_and_says_why()
    {
        using var bench = new PathBench();
        var target = NodeEndpoint.FromBytes([127, 0, 82, 5], 9);
        bench.Node.Add(1, new PathSettings { Local = NodeEndpoint.FromBytes([192, 0, 2, 1], 0), Flows = 2 }, target, SystemClocks.Mono());
        bench.Until(() => bench.Unsent.Count > 4 && bench.Windows > 0);
        Assert.All(bench.Unsent.Where(u => u.Cause != UnsentCause.Late), u => Assert.Equal((1, UnsentCause.Refused, 0), u));
        Assert.All(bench.Gaps, g => Assert.Equal((1, 2, 2, NoSuchAddress), (g.Path, g.Gap.Missing, g.Gap.Flows, g.Gap.Error)));
        Assert.NotEmpty(bench.Gaps);
        Assert.Equal((0, 0u), (bench.Totals[(1, 0)].SourcePort, bench.Totals[(1, 0)].Sent));
        bench.Node.Remove(1);
    }

    [Fact]
    public async Task A_socket_that_can_be_had_later_is_as_good_as_any()
    {
        await using var reflector = await ReflectAsync("127.0.82.8");
        LateAddress? address = null;
        using var bench = new PathBench(sockets => address = new LateAddress(sockets, NodeEndpoint.FromBytes([192, 0, 2, 1], 0)));
        bench.Node.Add(1, new PathSettings { Flows = 2, Interval = s_fast, Timeout = Duration.FromSeconds(30) }, reflector.Endpoints[0], SystemClocks.Mono());
        bench.Until(() => bench.Gaps.Count > 0 && bench.Unsent.Count > 4);
        Assert.Equal((2, NoSuchAddress), (bench.Gaps[0].Gap.Missing, bench.Gaps[0].Gap.Error));
        Assert.Empty(bench.Decisions);

        address!.IsHere = true;
        bench.Ahead = Duration.FromSeconds(6);
        bench.Until(() => bench.Gaps[^1].Gap.Missing == 0 && bench.Totals.Count(t => t.Value.Answered > 40) == 2);
        Assert.All(bench.Decisions, d => Assert.Equal(PingOutcome.Answered, d.Outcome));
        Assert.True(bench.Sockets is { SendStamps: > 40, Traffic.KernelStamps: > 40 });
        Assert.Equal(2, bench.Totals.Values.Select(t => t.SourcePort).Where(p => p > 0).Distinct().Count());
    }

    [Fact]
    public void What_this_host_refuses_to_send_is_unsent_and_never_lost()
    {
        using var bench = new PathBench();
        // A broadcast address wants a permission that nobody asked for.
        bench.Node.Add(1, new PathSettings { Flows = 2, Timeout = Duration.FromMilliseconds(50) }, NodeEndpoint.FromBytes([255, 255, 255, 255], 9), SystemClocks.Mono());
        bench.Until(() => bench.Unsent.Count > 20);
        Assert.All(bench.Unsent.Where(u => u.Cause != UnsentCause.Late), u => Assert.Equal((1, UnsentCause.Refused, PermissionDenied), u));
        Assert.Empty(bench.Decisions);
    }

    [Fact]
    public void What_lies_behind_a_first_answer_is_not_taken_for_the_new_sessions()
    {
        using var target = new StampAsker(IPAddress.Parse("127.0.82.6"));
        var responder = new StampResponder(new StampResponderOptions(), seed: 1);
        using var bench = new PathBench();
        bench.Node.Add(1, new PathSettings { TrialInterval = Duration.FromSeconds(60), Timeout = Duration.FromSeconds(30) }, target.Local, SystemClocks.Mono());
        bench.Until(() => target.HasMore);
        var request = target.Receive(out var asker);
        var reply = new byte[request.Length];
        var now = SystemClocks.Pair();
        Assert.Equal(StampDecision.Answer, responder.Decide(new StampArrival(now.Mono, now.Wall, asker, target.Local), request, reply, out var answer));
        responder.Seal(answer, now.Wall, reply);
        target.Send(reply, asker);
        for (var i = 0; i < 150; i++)
        {
            target.Send([1, 2, 3], asker);
        }

        bench.Until(() => bench.Windows > 0);
        Assert.Equal([(1, true)], bench.Proofs);
        Assert.Empty(bench.Strays);
        Assert.All(bench.Totals.Values, t => Assert.Equal((0u, 0u), (t.Corrupted, t.Strays)));
    }

    [Fact]
    public async Task More_channels_than_one_look_brings_are_all_read()
    {
        await using var reflector = await ReflectAsync("127.0.82.7");
        using var bench = new PathBench();
        var settings = new PathSettings { Flows = 64, DscpSweep = [1, 2, 3, 4, 5, 6, 7, 8], Interval = Duration.FromMilliseconds(1), Timeout = Duration.FromSeconds(30) };
        bench.Node.Add(1, settings, reflector.Endpoints[0], SystemClocks.Mono());
        bench.Node.Add(2, settings, reflector.Endpoints[0], SystemClocks.Mono());
        bench.Until(() => bench.Totals.Count(t => t.Value.Answered > 0) == 144);
        Assert.Equal(144, bench.Totals.Values.Select(t => t.SourcePort).Distinct().Count());
    }

    private static Task<StampReflectorService> ReflectAsync(string host) => StampReflectorService.StartAsync(
        new StampReflectorOptions { Listen = [NodeEndpoint.From(IPAddress.Parse(host), 0)] }, CancellationToken.None);

    private static PathChannel Channel(NodeEndpoint at, int dscp = 0) => new(at.WithPort(0), dscp, Flow: 0, Lane: 0, IsWhole: false);

    private static Socket Bind(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(address, port));
        return socket;
    }

    /// <summary>Sockets of an address that this host gets later.</summary>
    private sealed class LateAddress(PathSockets sockets, NodeEndpoint nobodys) : IPathTransport
    {
        public bool IsHere { get; set; }

        public ProbeSend Open(int number, PathChannel channel, out int sourcePort) =>
            sockets.Open(number, IsHere ? channel : channel with { Local = nobodys }, out sourcePort);

        public void Close(int number) => sockets.Close(number);

        public uint DropsOf(int channel) => sockets.DropsOf(channel);

        public ProbeSend Send(int channel, NodeEndpoint target, ReadOnlySpan<byte> payload, ulong? cookie) => sockets.Send(channel, target, payload, cookie);
    }

    /// <summary>Sees whole IP packets, where that is permitted.</summary>
    private static Socket Wire(NodeEndpoint at)
    {
        try
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Raw, ProtocolType.Udp) { ReceiveTimeout = (int)Eventually.Hang.TotalMilliseconds };
            socket.Bind(new IPEndPoint(at.ToIPAddress(), 0));
            return socket;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            Assert.Skip("raw sockets are not permitted here");
            throw;
        }
    }
}
