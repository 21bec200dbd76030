using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Sim.Tests.Membership;

public class HealingTests
{
    [Fact]
    public void A_learned_node_that_died_is_forgotten_and_a_server_is_called_until_it_returns()
    {
        var mesh = Whole(5, seed: 1);
        mesh.Ours[3].Kill();
        mesh.Ours.RemoveAt(3);
        Assert.NotNull(mesh.Clock.RunUntil(mesh.IsWhole, Duration.FromSeconds(2)));
        var dials = mesh.Ours.Sum(h => h.Node.Counters.Dials);
        mesh.Clock.Run(Duration.FromSeconds(120));
        Assert.Equal(dials, mesh.Ours.Sum(h => h.Node.Counters.Dials));

        // Node 0 is everybody's server.
        mesh.Ours[0].Kill();
        mesh.Ours.RemoveAt(0);
        mesh.Clock.Run(Duration.FromSeconds(60));
        Assert.All(mesh.Ours, h => Assert.True(h.Node.Counters.DialFailures >= 30, $"{h.Node.Counters.DialFailures}"));
        mesh.Start(0);
        FormationTests.AssertSettlesWithin(mesh, Duration.FromSeconds(4));
    }

    [Fact]
    public void A_restarted_node_is_taken_back_in_at_once()
    {
        var mesh = Whole(5, seed: 2);
        mesh.Ours[2].Kill();
        mesh.Ours.RemoveAt(2);
        mesh.Start(2, SimMesh.Node(0));
        FormationTests.AssertSettlesWithin(mesh, Duration.FromSeconds(4));
    }

    [Fact]
    public void A_node_that_vanished_without_a_word_and_came_back_replaces_its_old_connections()
    {
        var mesh = Whole(4, seed: 3);
        mesh.Ours[2].Vanish();
        mesh.Ours.RemoveAt(2);
        mesh.Clock.Run(Duration.FromSeconds(1));
        mesh.Start(2, SimMesh.Node(0));
        // Sooner than the silence limit: the newcomer's claim is held until the old connection has proved mute.
        FormationTests.AssertSettlesWithin(mesh, Duration.FromSeconds(5));
    }

    [Fact]
    public void A_node_that_vanished_is_told_as_a_growing_silence_and_then_closed()
    {
        var mesh = Whole(3, seed: 4);
        mesh.Ours[2].Vanish();
        mesh.Clock.Run(Duration.FromSeconds(9));
        var seen = mesh.Ours[0].Observed;
        Assert.Equal(0, seen.Count(MeshEventKind.PeerLeft));
        var silences = seen.Events.Where(e => e.Kind == MeshEventKind.Silent).Select(e => e.Length.Seconds).ToList();
        Assert.Equal(4, silences.Count);
        Assert.InRange(silences[0], 1, 1.2);
        Assert.InRange(silences[3], 8, 8.5);
        Assert.All(seen.Gaps, g => Assert.False(g.Ended));

        mesh.Clock.Run(Duration.FromSeconds(3));
        Assert.Equal(CloseReason.Silent, Assert.Single(seen.Events, e => e.Kind == MeshEventKind.PeerLeft).Close);
    }

    [Fact]
    public void A_cut_link_costs_the_pair_alone_and_heals_within_two_reports_of_its_mending()
    {
        var mesh = Whole(4, seed: 5);
        mesh.Network.SetCut(SimMesh.Node(1), SimMesh.Node(2), cut: true);
        mesh.Clock.Run(Duration.FromSeconds(60));
        Assert.DoesNotContain(SimMesh.Node(2), mesh.Ours[1].Peers);
        Assert.Equal(3, mesh.Ours[0].Node.PeerCount);

        mesh.Network.SetCut(SimMesh.Node(1), SimMesh.Node(2), cut: false);
        FormationTests.AssertSettlesWithin(mesh, Duration.FromSeconds(4));
        Assert.Equal(0, mesh.Ours[0].Observed.Count(MeshEventKind.PeerLeft));
    }

    [Fact]
    public void A_server_that_peers_name_as_well_is_called_once_at_a_time()
    {
        var mesh = new SimMesh(13);
        mesh.Start(0);
        mesh.Start(1, SimMesh.Node(0));
        var caller = mesh.Start(2, SimMesh.Node(0), SimMesh.Node(1));
        FormationTests.AssertSettles(mesh, 13);
        mesh.Network.SetCut(SimMesh.Node(1), SimMesh.Node(2), cut: true);
        Assert.NotNull(mesh.Clock.RunUntil(() => caller.Node.PeerCount == 1, Duration.FromSeconds(30)));

        // Node 0 goes on naming it. One connection, and at most one call.
        Assert.NotNull(mesh.Clock.RunUntil(() => caller.Node.ConnectionCount == 2, Duration.FromSeconds(10)));
        Assert.Null(mesh.Clock.RunUntil(() => caller.Node.ConnectionCount > 2, Duration.FromSeconds(60)));
    }

    [Fact]
    public void A_short_cut_shows_as_a_gap_of_its_length_and_loses_no_connection()
    {
        var mesh = Whole(3, seed: 6);
        mesh.Network.SetCut(SimMesh.Node(0), SimMesh.Node(1), cut: true);
        mesh.Clock.Run(Duration.FromMilliseconds(3000));
        mesh.Network.SetCut(SimMesh.Node(0), SimMesh.Node(1), cut: false);
        mesh.Clock.Run(Duration.FromSeconds(1));

        var gap = Assert.Single(mesh.Ours[0].Observed.Gaps, g => g.Ended);
        Assert.InRange(gap.Length.Milliseconds, 2980, 3030);
        Assert.Equal(Duration.Zero, gap.OwnStall);
        Assert.Equal(0, mesh.Ours[0].Observed.Count(MeshEventKind.PeerLeft));
    }

    [Fact]
    public void A_frozen_sender_is_seen_by_all_and_sees_no_gap_itself()
    {
        var mesh = Whole(4, seed: 7);
        mesh.Ours[1].Freeze(Duration.FromMilliseconds(700));
        mesh.Clock.Run(Duration.FromSeconds(3));

        foreach (var other in mesh.Ours.Where(h => h != mesh.Ours[1]))
        {
            var gap = Assert.Single(other.Observed.Gaps, g => g.Ended);
            Assert.InRange(gap.Length.Milliseconds, 690, 750);
            Assert.Equal(Duration.Zero, gap.OwnStall);
        }

        // The kernel kept only the last stamp of what waited; the rest was placed by the senders' own stamps.
        Assert.DoesNotContain(mesh.Ours[1].Observed.Gaps, g => g.Length.Milliseconds > 60);
        Assert.Equal(3 * 34, (double)mesh.Ours[1].Observed.Unsent, 3.0);
    }

    [Fact]
    public void A_cut_during_an_own_stall_is_still_seen()
    {
        var mesh = Whole(2, seed: 8);
        mesh.Ours[1].Freeze(Duration.FromMilliseconds(200));
        mesh.Ours[0].Freeze(Duration.FromMilliseconds(700));
        mesh.Clock.Run(Duration.FromSeconds(3));

        // Both slept; the one that slept shorter sees what the other's sleep left over, with its own share beside it.
        var gap = Assert.Single(mesh.Ours[1].Observed.Gaps, g => g.Ended && g.Length.Milliseconds > 100);
        Assert.InRange(gap.Length.Milliseconds, 690, 750);
        Assert.InRange(gap.OwnStall.Milliseconds, 150, 200);
    }

    [Fact]
    public void A_clock_stepped_by_an_hour_shows_in_delta_only()
    {
        var mesh = Whole(2, seed: 9);
        mesh.Ours[0].Observed.KeepsArrivals = true;
        mesh.Ours[1].WallOffset += Duration.FromSeconds(3600);
        mesh.Clock.Run(Duration.FromSeconds(2));

        Assert.Empty(mesh.Ours[0].Observed.Gaps);
        var deltas = mesh.Ours[0].Observed.Arrivals.Select(a => a.Arrival.Delta.Seconds).ToList();
        Assert.True(deltas[0] < 1 && deltas[^1] < -3599, $"{deltas[0]} {deltas[^1]}");
        Assert.All(mesh.Ours[0].Observed.Arrivals, a => Assert.InRange(a.Arrival.Interval!.Value.Milliseconds, 15, 25));
    }

    [Fact]
    public void Own_address_and_a_dead_address_among_the_servers_do_no_harm()
    {
        var mesh = new SimMesh(10);
        mesh.Start(0, SimMesh.Node(0), SimMesh.Node(99), SimMesh.Node(1));
        mesh.Start(1, SimMesh.Node(0), SimMesh.Node(1));
        FormationTests.AssertSettles(mesh, 10);
        Assert.Equal(0, mesh.Ours[1].Node.Counters.DialFailures);
        Assert.InRange(mesh.Ours[0].Node.Counters.DialFailures, 5, 30);
    }

    [Fact]
    public void Made_up_addresses_cause_few_calls_and_do_not_hinder_a_real_one()
    {
        var mesh = Whole(3, seed: 11);
        var liar = new ListingLiar(mesh, SimMesh.Node(40));
        mesh.Clock.Run(Duration.FromSeconds(20));
        var before = mesh.Ours[0].Node.Counters.Dials;
        mesh.Clock.Run(Duration.FromSeconds(10));

        Assert.InRange(mesh.Ours[0].Node.Counters.Dials - before, 1, 250);
        Assert.True(liar.Entries > 10_000);
        Assert.True(mesh.Ours[0].Node.Counters.Refused[(int)RefusalReason.ListOverflow] > 0);

        mesh.Start(4, SimMesh.Node(1));
        Assert.NotNull(mesh.Clock.RunUntil(() => mesh.Ours.All(h => h.Peers.IsSupersetOf(mesh.Ours.Where(o => o != h).Select(o => o.Self))), Duration.FromSeconds(4)));
    }

    [Fact]
    public void A_call_out_of_the_blue_in_a_connected_peers_name_changes_nothing_even_from_the_peers_host()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            var mesh = Whole(4, seed);
            mesh.Clock.Run(Duration.FromSeconds(5));
            var before = mesh.Ours.ConvertAll(h => h.Node.Counters.Dials);
            // Each of the others in turn: calls of the first node's and of theirs.
            var claimed = SimMesh.Node(1 + (seed % 3));
            _ = new ListingLiar(mesh, claimed);
            mesh.Clock.Run(Duration.FromSeconds(20));
            Assert.True(mesh.IsWhole(), $"seed {seed}: {mesh.Describe()}");
            Assert.Equal(before, mesh.Ours.ConvertAll(h => h.Node.Counters.Dials));
            Assert.All(mesh.Ours, h => Assert.Equal(0, h.Observed.Count(MeshEventKind.PeerLeft) + h.Observed.Gaps.Count));
        }
    }

    [Fact]
    public void An_allow_list_keeps_strangers_out_both_ways()
    {
        var mesh = new SimMesh(12);
        Assert.True(AddressNetwork.TryParse("10.0.0.0/30", out var network));
        var careful = mesh.Start(mesh.Options(0) with { Allow = [network] }, SimMesh.Node(1));
        mesh.Start(1);
        mesh.Start(20, SimMesh.Node(1));
        mesh.Clock.Run(Duration.FromSeconds(10));

        Assert.Equal([SimMesh.Node(1)], careful.Peers);
        Assert.Equal(1, careful.Node.Counters.Dials);
        Assert.True(careful.Node.Counters.Refused[(int)RefusalReason.NotAllowed] > 0);
    }

    private static SimMesh Whole(int count, int seed)
    {
        var mesh = new SimMesh(seed);
        for (var n = 0; n < count; n++)
        {
            mesh.Start(n, SimMesh.Node(0));
        }

        FormationTests.AssertSettles(mesh, seed);
        return mesh;
    }
}
