using System.Diagnostics;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Meshpulse.Agent.Tests.Export;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Hosting;

/// <summary>Lists and stamps that say what is not so.</summary>
public class ListAttackTests
{
    private static readonly double s_dialsPerSecond = TestAgent.Defaults(default).DialsPerSecondPerNamer;

    [Fact]
    public async Task Made_up_addresses_in_every_heartbeat_cause_few_calls_and_keep_nobody_out()
    {
        await using var mesh = await TestMesh.StartAsync();
        var victim = mesh.Victim;
        var before = victim.Counters.Dials;
        using var liar = await mesh.JoinAsync(isBeating: false);
        var watch = Stopwatch.StartNew();
        var next = 0;
        liar.StartBeating(5, () => (null, MadeUp(144, ref next)));

        await Eventually.TrueAsync(() => next > 30_000 && victim.Refused(RefusalReason.ListOverflow) > 0, mesh.ToString);
        // The bucket holds two seconds' worth at the start; two more are room for when the clocks are read.
        Assert.InRange(victim.Counters.Dials - before, 1, s_dialsPerSecond * (watch.Elapsed.TotalSeconds + 4));
        Assert.InRange(victim.Counters.Connections, 3, 3 + 16);

        await using var late = await TestAgent.StartAsync(TestAgent.Defaults(LoopbackAddresses.Next()), mesh.Agents[1].Self);
        mesh.Agents.Add(late);
        await Eventually.TrueAsync(() => mesh.Agents.TrueForAll(a => a == late || (a.IsConnectedTo(late.Self) && late.IsConnectedTo(a.Self))), mesh.ToString);
        liar.Dispose();
        await mesh.AssertUnharmedAsync();
    }

    [Fact]
    public async Task An_allow_list_refuses_addresses_before_they_are_called()
    {
        var stranger = NodeEndpoint.FromBytes([127, 250, 1, (byte)(Environment.ProcessId % 250)], 12222);
        Assert.True(AddressNetwork.TryParse($"{LoopbackAddresses.Next().AddressText}/16", out var network));
        await using var mesh = await TestMesh.StartAsync(options: o => o with { Allow = [network] });
        var before = mesh.Victim.Counters.Dials;
        using var liar = await mesh.JoinAsync(isBeating: false);
        var next = 0;
        liar.StartBeating(5, () => (null, MadeUp(144, ref next)));
        await Eventually.TrueAsync(() => mesh.Victim.Refused(RefusalReason.NotAllowed) > 1000, mesh.ToString);
        Assert.Equal(before, mesh.Victim.Counters.Dials);

        using var caller = await RawPeer.CallAsync(mesh.Victim.Self, stranger.ToIPAddress());
        Assert.Equal(RawEnd.Reset, await caller.Ended.WaitAsync(Eventually.Hang));
        using var pretender = await RawPeer.CallAsync(mesh.Victim.Self, LoopbackAddresses.Next().ToIPAddress());
        pretender.Hello(stranger);
        Assert.Equal(RawEnd.Reset, await pretender.Ended.WaitAsync(Eventually.Hang));
        liar.Dispose();
        await mesh.AssertUnharmedAsync();
    }

    [Fact]
    public async Task Addresses_that_can_be_no_node_are_refused()
    {
        await using var mesh = await TestMesh.StartAsync();
        var before = mesh.Victim.Counters.Dials;
        using var liar = await mesh.JoinAsync(isBeating: false);
        liar.Ping(
            null,
            mesh.Victim.Self,
            Node("0.0.0.0:12222"),
            Node("224.0.0.1:12222"),
            Node("239.1.2.3:12222"),
            Node("255.255.255.255:12222"),
            Node("127.9.9.9:0"),
            Node("[::]:12222"),
            Node("[ff02::1]:12222"),
            Node("[fe80::1]:12222"));
        await Eventually.TrueAsync(() => mesh.Victim.Refused(RefusalReason.ListEntry) == 8, mesh.ToString);
        var lists = mesh.Victim.Counters.ListsRead;
        liar.Ping(null, mesh.Victim.Self);
        await Eventually.TrueAsync(() => mesh.Victim.Counters.ListsRead > lists, mesh.ToString);
        Assert.Equal(before, mesh.Victim.Counters.Dials);
        liar.Dispose();
        await mesh.AssertUnharmedAsync();
    }

    [Fact]
    public async Task A_list_cannot_point_a_node_at_its_own_host()
    {
        var own = NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Select(a => a.Address)
            .FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork && !System.Net.IPAddress.IsLoopback(a));
        Assert.SkipWhen(own is null, "this host has no IPv4 address but loopback");
        var self = NodeEndpoint.From(own, Ports.Next());
        await using var agent = await TestAgent.StartAsync(TestAgent.Defaults(self));
        using var liar = await RawPeer.CallAsync(self);
        liar.Hello(self.WithPort(9));
        liar.Ping(null, Node("127.0.0.1:22"), Node("127.1.2.3:12222"), Node("[::1]:22"));
        await Eventually.TrueAsync(() => agent.Refused(RefusalReason.ListEntry) == 3, agent.ToString);
        Assert.Equal(0, agent.Counters.Dials);
    }

    [Fact]
    public async Task A_clock_that_steps_shows_in_delta_only()
    {
        await using var mesh = await TestMesh.StartAsync(2);
        var (self, offset) = (LoopbackAddresses.Next(), 0L);
        using var peer = await mesh.JoinAsync(self, isBeating: false);
        peer.StartBeating(5, () => (Linux.Timing.SystemClocks.Wall().Microseconds + Volatile.Read(ref offset), []));
        foreach (var step in new[] { 3_600_000_000L, -3_600_000_000L, 3_600_000_000L })
        {
            Volatile.Write(ref offset, step);
            var heard = mesh.Victim.ReceivedFrom(self);
            await Eventually.TrueAsync(() => mesh.Victim.ReceivedFrom(self) > heard + 50, mesh.ToString);
        }

        await Eventually.TrueAsync(() => Rows(mesh, self).Any(r => r.Delta.Max > 3_590_000), mesh.ToString);
        // A step that leaked into the intervals would be an hour, or be clamped to nothing by the bounds of the reads.
        Assert.All(Rows(mesh, self), r => Assert.InRange(r.Receive.Max ?? 1, 0.001, 60_000));
        Assert.All(mesh.Victim.Seen.Gaps, g => Assert.InRange(g.Gap.Length.Seconds, 0, 60));
        Assert.Equal(1, mesh.Victim.Seen.Count(MeshEventKind.PeerJoined, self));
        Assert.Equal(0, mesh.Victim.Seen.Count(MeshEventKind.PeerLeft, self));
        peer.Dispose();
        await mesh.AssertUnharmedAsync();
    }

    [Fact]
    public async Task Stamps_may_be_any_number_and_the_metrics_stay_readable()
    {
        await using var mesh = await TestMesh.StartAsync(2);
        var (self, turn) = (LoopbackAddresses.Next(), 0);
        using var peer = await mesh.JoinAsync(self, isBeating: false);
        long[] stamps = [long.MinValue, long.MaxValue, 0, -1, long.MinValue + 1];
        peer.StartBeating(5, () => (stamps[turn++ % stamps.Length], []));
        await Eventually.TrueAsync(() => mesh.Victim.ReceivedFrom(self) > 100, mesh.ToString);

        // Three hundred thousand years are the highest value of the histogram, not nothing.
        await Eventually.TrueAsync(() => Rows(mesh, self).Any(r => r.Delta.Count > 50), mesh.ToString);
        Assert.All(Rows(mesh, self).Where(r => r.Delta.Count > 50), r => Assert.True(r.Delta.Mean > 80_000_000, $"{r.Delta}"));
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{mesh.Victim.MetricsPort}"), Timeout = Eventually.Hang };
        var page = ParsedExposition.Read(await client.GetByteArrayAsync("/metrics"), openMetrics: false);
        Assert.Contains(page.Samples, s => s.Name == "meshpulse_refused_total" && s.Labels["reason"] == "frame_length");
        peer.Dispose();
        await mesh.AssertUnharmedAsync();
    }

    private static IEnumerable<Meshpulse.Agent.Hosting.PeerReport> Rows(TestMesh mesh, NodeEndpoint node) =>
        mesh.Victim.Seen.Reports.SelectMany(r => r.Peers).Where(p => p.Node == node);

    /// <summary>Addresses of this host at a port where nobody listens: a call fails at once, which is when most are made.</summary>
    private static NodeEndpoint[] MadeUp(int count, ref int next)
    {
        var list = new NodeEndpoint[count];
        foreach (ref var node in list.AsSpan())
        {
            var number = next++;
            node = NodeEndpoint.FromBytes([127, (byte)(200 + ((number >> 16) % 50)), (byte)(number >> 8), (byte)number], 1);
        }

        return list;
    }

    private static NodeEndpoint Node(string text)
    {
        Assert.True(NodeEndpoint.TryParse(text, out var node));
        return node;
    }
}
