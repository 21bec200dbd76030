using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Time;
using Meshpulse.Sim.Fabric;
using Meshpulse.Sim.Machines;

namespace Meshpulse.Sim.Tests.Machines;

/// <summary>What the network does to packets is what agents see of it, there and nowhere else.</summary>
public sealed class FabricTests
{
    private readonly World _world = Worlds.Formed(4, seed: 3);

    [Fact]
    public void What_is_lost_one_way_is_lost_to_probes_that_way_and_sent_again_by_TCP()
    {
        Change(0, 1, w => w with { Loss = 0.2 });
        _world.Run(Duration.FromSeconds(12));
        var there = Worlds.Recent(_world, 0, 32).Select(s => Worlds.Peer(s, 1)).ToList();
        Assert.InRange(there.Sum(p => p.Path!.Counts.LostForward) / (double)there.Sum(p => p.Path!.Counts.Sent), 0.13, 0.27);
        Assert.InRange(there.Sum(p => p.Path!.Counts.LostBackward), 0, 2);
        var back = Worlds.Recent(_world, 1, 32).Select(s => Worlds.Peer(s, 0)).ToList();
        Assert.InRange(back.Sum(p => p.Path!.Counts.LostBackward) / (double)back.Sum(p => p.Path!.Counts.Sent), 0.13, 0.27);
        // Heartbeats come all the same, the lost ones some milliseconds late or by a time-out.
        Assert.InRange(back.Sum(p => p.Received), 1_500, 1_620);
        Assert.True(_world.Machines[0].NetworkCounts.Retransmits > 200);
        Assert.Equal(0, Worlds.Recent(_world, 2, 32).SelectMany(s => s.Peers).Sum(p => p.Path!.Counts.Lost));
    }

    [Fact]
    public void A_cut_is_silence_that_nobody_acknowledges_and_streams_go_on_when_it_is_mended()
    {
        Cut(0, 1, isCut: true);
        _world.Run(Duration.FromSeconds(3));
        foreach (var (of, other) in new[] { (0, 1), (1, 0) })
        {
            var peer = Worlds.Peer(Worlds.Recent(_world, of, 1)[0], other);
            Assert.InRange(peer.Silence.Seconds, 2.5, 3);
            Assert.InRange(peer.Path!.Silence.Seconds, 2.2, 3);
            var gap = Assert.Single(peer.Gaps);
            Assert.False(gap.HasEnded);
            Assert.InRange(gap.Length.Seconds, 2.5, 3);
            Assert.True(gap.Transport is { Unacknowledged: > 0, Retransmits: > 0 }, $"{gap.Transport}");
            Assert.True(peer.IsConnected);
        }

        Assert.All(Worlds.Recent(_world, 2, 8).SelectMany(s => s.Peers), p => Assert.InRange(p.Silence.Milliseconds, 0, 10));
        Assert.True(_world.Machines[0].Agent!.Exchanges.Failed > 0);
        Cut(0, 1, isCut: false);
        _world.Run(Duration.FromSeconds(4));
        Assert.InRange(Worlds.Peer(Worlds.Recent(_world, 0, 1)[0], 1).Silence.Milliseconds, 0, 10);
        Assert.Contains(Worlds.Recent(_world, 0, 16).SelectMany(s => Worlds.Peer(s, 1).Gaps), g => g.HasEnded && g.Length > Duration.FromSeconds(3));
    }

    [Fact]
    public void A_way_back_that_is_dead_silences_the_way_there_within_some_heartbeats()
    {
        Change(0, 1, w => w with { IsCut = true });
        _world.Run(Duration.FromSeconds(3));
        var (heard, deaf) = (Worlds.Peer(Worlds.Recent(_world, 0, 1)[0], 1), Worlds.Peer(Worlds.Recent(_world, 1, 1)[0], 0));
        // Ten segments are sent without an acknowledgement, at 5 ms each.
        Assert.InRange((deaf.Silence - heard.Silence).Milliseconds, 30, 120);
        Assert.InRange(heard.Silence.Seconds, 2.3, 3);
    }

    [Fact]
    public void A_queue_fills_before_it_drops()
    {
        Change(0, 1, w => w with { Load = 1.1, QueueDepth = Duration.FromMilliseconds(100) });
        _world.Run(Duration.FromMilliseconds(500));
        var early = Worlds.Peer(Worlds.Recent(_world, 0, 1)[0], 1).Path!;
        Assert.InRange(early.Forward!.Value.Max.Milliseconds, 8, 60);
        _world.Run(Duration.FromSeconds(4));
        var late = Worlds.Recent(_world, 0, 8).Select(s => Worlds.Peer(s, 1).Path!).ToList();
        Assert.All(late, p => Assert.InRange(p.Forward!.Value.Median.Milliseconds, 85, 101));
        Assert.All(late, p => Assert.InRange(p.Backward!.Value.Median.Milliseconds, 0, 2));
        Assert.True(late.Sum(p => p.Counts.LostForward) > 0);
    }

    [Fact]
    public void A_bad_member_takes_some_flows_whole_and_leaves_the_others_alone()
    {
        var link = _world.Fabric.Between(0, 1);
        link.Weather = link.Weather with { Members = 4, BadMembers = 0b0110 };
        _world.Run(Duration.FromSeconds(9));
        var flows = Worlds.Recent(_world, 0, 24).SelectMany(s => Worlds.Peer(s, 1).Path!.Flows).GroupBy(f => f.SourcePort).ToList();
        var dead = flows.Where(f => f.Sum(x => x.Answered) == 0).ToList();
        Assert.InRange(dead.Count, 1, 7);
        Assert.All(dead, f => Assert.True(f.Sum(x => x.Lost) > 15));
        Assert.All(flows.Except(dead), f => Assert.Equal(0, f.Sum(x => x.Lost)));
    }

    [Fact]
    public void Copies_damage_order_hops_and_sizes_are_seen_as_such()
    {
        Change(0, 1, w => w with { Duplication = 0.3 });
        Change(0, 2, w => w with { Damage = 0.2 });
        Change(0, 3, w => w with { Reordering = 0.3, HoldBack = Duration.FromMilliseconds(440) });
        Change(1, 2, w => w with { Hops = 3 });
        Change(1, 3, w => w with { Mtu = 1_400 });
        _world.Run(Duration.FromSeconds(9));
        var slices = Worlds.Recent(_world, 0, 32);
        Assert.InRange(Sum(slices, 1, p => p.Counts.Duplicates) / (double)Sum(slices, 1, p => p.Counts.Sent), 0.2, 0.4);
        Assert.InRange(Sum(slices, 2, p => p.Counts.Corrupted), 0, 0);
        Assert.True(Sum(slices, 2, p => p.Counts.Lost) > 20);
        Assert.True(Sum(slices, 3, p => p.Counts.Reordered) > 20);
        Assert.True(Sum(Worlds.Recent(_world, 2, 32), 0, p => p.Counts.Corrupted) > 10);
        Assert.Equal(1u, Worlds.Peer(Worlds.Recent(_world, 1, 1)[0], 2).Path!.ForwardHopLimit.Changes);
        Assert.Equal(0u, Worlds.Peer(Worlds.Recent(_world, 1, 1)[0], 2).Path!.BackwardHopLimit.Changes);
        var flows = Worlds.Recent(_world, 1, 24).SelectMany(s => Worlds.Peer(s, 3).Path!.Flows).ToList();
        Assert.Equal(0, flows.Where(f => f.IsLarge).Sum(f => f.Answered));
        Assert.True(flows.Where(f => f.IsLarge).Sum(f => f.Lost) > 5);
        Assert.Equal(0, flows.Where(f => !f.IsLarge).Sum(f => f.Lost));
        Assert.True(Worlds.Recent(_world, 1, 24).SelectMany(s => Worlds.Peer(s, 0).Path!.Flows).Where(f => f.IsLarge).Sum(f => f.Answered) > 5);
    }

    [Fact]
    public void A_process_that_is_gone_is_told_by_its_kernel_and_a_host_that_is_gone_by_nobody()
    {
        _world.Machines[1].Kill();
        _world.Machines[2].Vanish();
        _world.Run(Duration.FromSeconds(2));
        var slices = Worlds.Recent(_world, 0, 8);
        Assert.Contains(slices, s => Worlds.Peer(s, 1) is { Ended: CloseReason.EndOfStream or CloseReason.Reset });
        Assert.Contains(slices, s => Worlds.Peer(s, 1).CallFailed == DialFailure.Refused);
        Assert.All(slices, s => Assert.Null(Worlds.Peer(s, 2).Ended));
        Assert.True(Worlds.Peer(slices[^1], 2) is { IsConnected: true, Gaps: [{ HasEnded: false, Transport.Unacknowledged: > 0 }] });
        _world.Run(Duration.FromSeconds(15));
        Assert.Contains(Worlds.Recent(_world, 0, 40), s => Worlds.Peer(s, 2).Ended == CloseReason.Silent);
        Assert.Contains(Worlds.Recent(_world, 0, 40), s => Worlds.Peer(s, 2).CallFailed == DialFailure.TimedOut);
        _world.Machines[1].Start();
        _world.Machines[2].Return();
        _world.Run(Duration.FromSeconds(10));
        Assert.True(_world.IsWhole);
    }

    private static long Sum(IEnumerable<NodeSlice> slices, int peer, Func<PathSlice, long> pick) => slices.Sum(s => pick(Worlds.Peer(s, peer).Path!));

    private void Change(int from, int to, Func<LinkWeather, LinkWeather> change)
    {
        var link = _world.Fabric.Between(from, to);
        link.Weather = change(link.Weather);
    }

    private void Cut(int a, int b, bool isCut)
    {
        Change(a, b, w => w with { IsCut = isCut });
        Change(b, a, w => w with { IsCut = isCut });
    }
}
