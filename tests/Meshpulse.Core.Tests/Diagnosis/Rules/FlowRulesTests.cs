
namespace Meshpulse.Core.Tests.Diagnosis.Rules;

/// <summary>Which flows are dead, and which only seem so: as an operator would see it.</summary>
public sealed class FlowRulesTests
{
    [Fact]
    public void Flows_that_lose_all_are_named_with_their_ports()
    {
        var fleet = FleetScript.Of().Pass(20);
        fleet.Peer = (from, to, peer) => (from, to) switch
        {
            ("n2", "n3") => peer with
            {
                Path = peer.Path! with { Flows = [.. peer.Path!.Flows.Select(f => f.SourcePort is 40_002 or 40_005 ? f with { Answered = 0 } : f)] },
            },
            ("n3", "n2") => peer with { Requests = [.. peer.Requests!.Where(r => r.SourcePort is not 40_002 and not 40_005)] },
            _ => peer,
        };
        fleet.Pass(10);
        Assert.Equal(["path.flow_loss n2 -> n3, source ports 40002 40005"], fleet.Said);
    }

    [Theory]
    [InlineData("n2")]
    [InlineData("n3")]
    public void A_flow_that_chance_has_hit_a_few_times_in_a_row_is_not_dead(string prober)
    {
        var fleet = FleetScript.Of().Pass(20);
        Lose(fleet, prober, unlucky: 6, slices: 6, others: 3);
        Lose(fleet, prober, unlucky: 0, slices: 8, others: 1);
        Assert.Equal(["path.loss n2 -> n3"], fleet.Said);
    }

    [Fact]
    public void A_dead_flow_among_others_that_lose_at_random_is_found_all_the_same()
    {
        var fleet = FleetScript.Of().Pass(20);
        Lose(fleet, "n2", unlucky: 20, slices: 20, others: 1);
        Assert.Equal(["path.flow_loss n2 -> n3, source port 40002"], fleet.InForce);
    }

    /// <summary>On the way from n2 to n3 one packet of another flow is lost in every so many slices, and in the first ones all of one flow.</summary>
    private static void Lose(FleetScript fleet, string prober, int unlucky, int slices, int others)
    {
        for (var i = 0; i < slices; i++)
        {
            int[] lost = [.. i < unlucky ? new[] { 40_002 } : [], .. i % others == 0 ? new[] { 40_003 + (i % 5) } : []];
            fleet.Peer = (from, to, peer) => (from, to) switch
            {
                ("n2", "n3") or ("n3", "n2") when from == prober => peer with
                {
                    Path = FleetScript.Losing(peer.Path!, from == "n2" ? 2 : 0, from == "n2" ? 0 : 2) with
                    {
                        Flows = [.. peer.Path!.Flows.Select(f => lost.Contains(f.SourcePort) ? f with { Answered = 0 } : f)],
                    },
                },
                ("n3", "n2") when prober == "n2" => peer with { Requests = [.. peer.Requests!.Where(r => !lost.Contains(r.SourcePort))] },
                _ => peer,
            };
            fleet.Pass(1);
        }
    }

    [Fact]
    public void Dead_flows_that_live_again_are_not_said_of_the_other_direction()
    {
        var fleet = FleetScript.Of().Pass(20);
        fleet.Peer = (from, to, peer) => (from, to) switch
        {
            ("n2", "n3") => peer with { Path = peer.Path! with { Flows = FleetScript.Dead(peer.Path!.Flows, 40_002, 40_005) } },
            ("n3", "n2") => peer with { Requests = [.. peer.Requests!.Where(r => r.SourcePort is not 40_002 and not 40_005)] },
            _ => peer,
        };
        fleet.Pass(10);
        // The requests come before the replies that they will get.
        fleet.Peer = (from, to, peer) => (from, to) == ("n2", "n3") ? peer with { Path = peer.Path! with { Flows = FleetScript.Dead(peer.Path!.Flows, 40_002, 40_005) } } : peer;
        fleet.Pass(2);
        fleet.Peer = (_, _, peer) => peer;
        fleet.Pass(20);
        Assert.Equal(["path.flow_loss n2 -> n3, source ports 40002 40005"], fleet.Said);
        Assert.Empty(fleet.InForce);
    }

    [Fact]
    public void Where_dead_flows_live_again_and_that_of_large_packets_last_it_is_not_their_size()
    {
        var fleet = FleetScript.Of();
        fleet.Peer = (_, _, peer) => peer with { Path = FleetScript.WithLarge(peer.Path!) };
        fleet.Pass(20);
        foreach (var (slices, dead) in new[] { (20, new[] { 40_002, 40_007 }), (2, [40_007]), (20, []) })
        {
            fleet.Peer = (from, to, peer) => peer with
            {
                Path = FleetScript.WithLarge(peer.Path!) with { Flows = FleetScript.Dead(FleetScript.WithLarge(peer.Path!).Flows, (from, to) == ("n2", "n3") ? dead : []) },
                Requests = (from, to) == ("n3", "n2") ? [.. peer.Requests!.Where(r => !dead.Contains(r.SourcePort))] : peer.Requests,
            };
            fleet.Pass(slices);
        }

        Assert.Equal(["path.flow_loss n2 -> n3, source ports 40002 40007"], fleet.Said);
        Assert.Empty(fleet.InForce);
    }

    [Theory]
    [InlineData("n1")]
    [InlineData("n3")]
    public void Who_has_not_the_senders_word_sees_by_its_requests_that_large_packets_are_lost_on_the_way_here(string judge)
    {
        var fleet = new FleetScript([judge, .. new[] { "n1", "n2", "n3", "n4" }.Where(n => n != judge)]);
        fleet.Peer = (_, _, peer) => peer with { Path = FleetScript.WithLarge(peer.Path!) };
        fleet.Pass(20);
        // What n2 tells is large itself: n3 does not get it.
        fleet.Node = s => judge == "n3" && s.Node == "n2" ? null : s;
        fleet.Peer = (from, to, peer) => (from, to) switch
        {
            ("n2", "n3") or ("n3", "n2") => peer with
            {
                Path = FleetScript.WithLarge(peer.Path!) with { Flows = FleetScript.Dead(FleetScript.WithLarge(peer.Path!).Flows, 40_007) },
                Requests = from == "n3" ? [.. peer.Requests!.Where(r => r.SourcePort != 40_007)] : peer.Requests,
            },
            _ => peer with { Path = FleetScript.WithLarge(peer.Path!) },
        };
        fleet.Pass(24);
        Assert.Equal(["path.mtu n2 -> n3"], fleet.InForce);
        Assert.Equal(["path.mtu n2 -> n3"], fleet.Said);
    }

    [Fact]
    public void A_full_queue_without_room_for_large_packets_is_no_smaller_mtu()
    {
        var fleet = FleetScript.Of();
        fleet.Peer = (_, _, peer) => peer with { Path = FleetScript.WithLarge(peer.Path!) };
        fleet.Pass(20);
        fleet.Peer = (from, to, peer) => peer with
        {
            Path = (from, to) != ("n2", "n3") ? FleetScript.WithLarge(peer.Path!) : FleetScript.WithLarge(peer.Path!) with { Forward = FleetScript.Delay(60_000), Flows = FleetScript.Dead(FleetScript.WithLarge(peer.Path!).Flows, 40_007) },
            Requests = (from, to) == ("n3", "n2") ? [.. peer.Requests!.Where(r => r.SourcePort != 40_007)] : peer.Requests,
        };
        fleet.Pass(12);
        Assert.Equal(["path.congestion n2 -> n3"], fleet.InForce);
        Assert.DoesNotContain("path.mtu n2 -> n3", fleet.Said);
    }
}
