using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Core.Tests.Diagnosis;

/// <summary>Who is blamed for what, on made-up slices: each as an operator would see it.</summary>
public sealed class DiagnosticianTests
{
    [Fact]
    public void Where_all_is_well_nothing_is_said()
    {
        var fleet = FleetScript.Of().Pass(60);
        Assert.Empty(fleet.Said);
    }

    [Fact]
    public void A_stall_is_its_hosts_with_the_cause_that_its_vitals_tell()
    {
        var fleet = FleetScript.Of().Pass(20);
        var begin = fleet.Now;
        fleet.Node = s => s.Node != "n3" ? s : FleetScript.Stalled(s, FleetScript.On("n3", begin), 180, w => w with
        {
            Cgroup = new CgroupCpu(1, 3, 2, Duration.FromMilliseconds(170)),
        });
        fleet.Pass(1);
        Assert.Equal(["host.cpu_throttled n3"], fleet.InForce);
        fleet.Node = s => s;
        fleet.Pass(20);
        Assert.Empty(fleet.InForce);
        Assert.Equal(["host.cpu_throttled n3"], fleet.Said);
        var verdict = Assert.Single(fleet.Verdicts);
        Assert.Equal(180, (verdict.Until!.Value - verdict.Since).Milliseconds, 1.0);
        Assert.Contains(verdict.Evidence, e => e is { Node: "n3", Figure: "stopped by the quota for", Value: 170 });
    }

    [Fact]
    public void Without_a_cause_in_its_vitals_a_stall_is_said_to_have_none()
    {
        var fleet = FleetScript.Of().Pass(20);
        var begin = fleet.Now;
        fleet.Node = s => s.Node != "n3" ? s : FleetScript.Stalled(s, FleetScript.On("n3", begin), 180, w => w);
        fleet.Pass(1);
        fleet.Node = s => s;
        fleet.Pass(2);
        Assert.Empty(fleet.Said);
        fleet.Pass(4);
        Assert.Equal(["host.stalled n3"], fleet.InForce);
    }

    [Fact]
    public void Losses_on_one_direction_are_the_paths()
    {
        var fleet = FleetScript.Of().Pass(20);
        fleet.Peer = (from, to, peer) => (from, to) switch
        {
            ("n2", "n3") => peer with { Path = FleetScript.Losing(peer.Path!, 2, 0) },
            ("n3", "n2") => peer with { Path = FleetScript.Losing(peer.Path!, 0, 2) },
            _ => peer,
        };
        fleet.Pass(5);
        Assert.Equal(["path.loss n2 -> n3"], fleet.InForce);
    }

    [Fact]
    public void Losses_on_all_that_comes_to_one_host_are_its_uplinks_and_said_once()
    {
        var fleet = FleetScript.Of().Pass(20);
        fleet.Peer = (from, to, peer) => to == "n3" ? peer with { Path = FleetScript.Losing(peer.Path!, 2, 0) }
            : from == "n3" ? peer with { Path = FleetScript.Losing(peer.Path!, 0, 2) }
            : peer;
        fleet.Pass(20);
        Assert.Equal(["node.uplink n3"], fleet.Said);
    }

    [Fact]
    public void Losses_that_the_receivers_own_stack_made_are_its()
    {
        var fleet = FleetScript.Of().Pass(20);
        fleet.Node = s => s.Node != "n3" ? s : s with { Host = s.Host! with { Network = new NetworkTrouble(0, 0, 0, 6, 0, 6) } };
        fleet.Peer = (from, to, peer) => to == "n3" ? peer with { Path = FleetScript.Losing(peer.Path!, 2, 0) }
            : from == "n3" ? peer with { Path = FleetScript.Losing(peer.Path!, 0, 2) }
            : peer;
        fleet.Pass(8);
        Assert.Equal(["host.receive_drops n3"], fleet.Said);
    }

    [Fact]
    public void What_reaches_the_reflector_says_which_direction_is_dead()
    {
        var fleet = FleetScript.Of().Pass(20);
        var cut = fleet.Now;
        fleet.Peer = (from, to, peer) => (from, to) switch
        {
            // TCP is silent both ways, and no probe is answered; but n3's requests still reach n2.
            ("n2", "n3") => FleetScript.Mute(peer, fleet.Now - cut) with { Requests = peer.Requests },
            ("n3", "n2") => FleetScript.Mute(peer, fleet.Now - cut),
            _ => peer,
        };
        fleet.Pass(12);
        Assert.Equal(["path.blackhole n2 -> n3"], fleet.Said);
    }

    [Fact]
    public void A_cut_between_two_is_both_directions()
    {
        var fleet = FleetScript.Of().Pass(20);
        var cut = fleet.Now;
        fleet.Peer = (from, to, peer) => from is "n2" or "n3" && to is "n2" or "n3" ? FleetScript.Mute(peer, fleet.Now - cut) : peer;
        fleet.Pass(12);
        Assert.Equal(["path.blackhole n2 <-> n3"], fleet.Said);
    }

    [Fact]
    public void A_step_is_the_clocks_and_nobodys_latency()
    {
        var fleet = FleetScript.Of().Pass(20);
        var step = new ClockStep(ClockSide.Remote, Duration.FromMilliseconds(250), default);
        fleet.Peer = (_, to, peer) => to == "n3" ? peer with { Path = peer.Path! with { Step = step, Forward = null, Backward = null } } : peer;
        fleet.Pass(1);
        fleet.Peer = (_, to, peer) => to == "n3" ? peer with { Path = peer.Path! with { Forward = FleetScript.Delay(9_000) } } : peer;
        fleet.Pass(3);
        fleet.Peer = (_, _, peer) => peer;
        fleet.Pass(16);
        Assert.Equal(["clock.step n3"], fleet.Said);
        Assert.Empty(fleet.InForce);
    }

    [Fact]
    public void All_between_two_datacenters_is_theirs()
    {
        var fleet = FleetScript.Of(6);
        fleet.Datacenter = n => n[^1] < '4' ? "west" : "east";
        fleet.Pass(20);
        fleet.Peer = (from, to, peer) => fleet.Datacenter(from) == "west" && fleet.Datacenter(to) == "east" ? peer with { Path = FleetScript.Losing(peer.Path!, 2, 0) }
            : fleet.Datacenter(from) == "east" && fleet.Datacenter(to) == "west" ? peer with { Path = FleetScript.Losing(peer.Path!, 0, 2) }
            : peer;
        fleet.Pass(8);
        Assert.Equal(["datacenter.path datacenter west -> east"], fleet.Said);
    }

    [Fact]
    public void What_flaps_is_one_incident()
    {
        var fleet = FleetScript.Of().Pass(20);
        var lossy = (string from, string to, PeerSlice peer) => (from, to) == ("n2", "n3") ? peer with { Path = FleetScript.Losing(peer.Path!, 3, 0) } : peer;
        for (var i = 0; i < 6; i++)
        {
            fleet.Peer = lossy;
            fleet.Pass(6);
            fleet.Peer = (_, _, peer) => peer;
            fleet.Pass(24);
        }

        var verdict = Assert.Single(fleet.Verdicts);
        Assert.InRange(verdict.Recurrences, 1, 5);
        Assert.Single(fleet.Changes, c => c.Kind == VerdictChangeKind.Begun);
    }

    [Fact]
    public void Who_is_in_maintenance_is_not_accused()
    {
        var fleet = FleetScript.Of().Pass(20);
        fleet.Node = s => s.Node == "n3" ? s with { IsInMaintenance = true } : s;
        fleet.Pass(2);
        fleet.Peer = (from, to, peer) => to == "n3" ? peer with { Path = FleetScript.Losing(peer.Path!, 5, 0) } : peer;
        fleet.Pass(8);
        Assert.Equal(["host.maintenance n3"], fleet.Said);
    }

    [Fact]
    public void A_slice_in_which_a_reflector_counted_nothing_does_not_turn_a_dead_direction_into_two()
    {
        var fleet = FleetScript.Of().Pass(20);
        var cut = fleet.Now;
        var hiccup = Duration.FromMilliseconds(700);
        fleet.Peer = (from, to, peer) => (from, to) switch
        {
            ("n2", "n3") => FleetScript.Mute(peer, fleet.Now - cut) with { Requests = fleet.Now - cut > hiccup && fleet.Now - cut < hiccup + Duration.FromMilliseconds(250) ? [] : peer.Requests },
            ("n3", "n2") => FleetScript.Mute(peer, fleet.Now - cut),
            _ => peer,
        };
        fleet.Pass(12);
        Assert.Equal(["path.blackhole n2 -> n3"], fleet.Said);
    }

    [Fact]
    public void A_dead_direction_stays_what_it_was_once_both_ends_have_given_up()
    {
        var fleet = FleetScript.Of().Pass(20);
        var cut = fleet.Now;
        fleet.Peer = (from, to, peer) => (from, to) switch
        {
            ("n2", "n3") => FleetScript.Mute(peer, fleet.Now - cut) with { Requests = peer.Requests },
            ("n3", "n2") => FleetScript.Mute(peer, fleet.Now - cut),
            _ => peer,
        };
        fleet.Pass(40);
        fleet.Peer = (from, to, peer) => from is not ("n2" or "n3") || to is not ("n2" or "n3") ? peer
            : FleetScript.Mute(peer, fleet.Now - cut) with { IsConnected = false, Ended = CloseReason.Silent, Path = null };
        fleet.Pass(40);
        Assert.Equal(["path.blackhole n2 -> n3"], fleet.InForce);
        Assert.Equal(["path.blackhole n2 -> n3"], fleet.Said);
        fleet.Peer = (_, _, peer) => peer;
        fleet.Pass(16);
        Assert.Empty(fleet.InForce);
    }

    [Fact]
    public void What_comes_back_as_something_graver_is_called_so_at_once()
    {
        var fleet = FleetScript.Of().Pass(20);
        fleet.Peer = (from, to, peer) => (from, to) == ("n2", "n3") ? peer with { Path = FleetScript.Losing(peer.Path!, 3, 0) } : peer;
        fleet.Pass(8);
        fleet.Peer = (_, _, peer) => peer;
        fleet.Pass(24);
        var cut = fleet.Now;
        fleet.Peer = (from, to, peer) => from is "n2" or "n3" && to is "n2" or "n3" ? FleetScript.Mute(peer, fleet.Now - cut) : peer;
        fleet.Pass(8);
        var again = Assert.Single(fleet.Changes, c => c.Kind == VerdictChangeKind.Recurred);
        Assert.Equal("path.blackhole n2 <-> n3", FleetScript.Name(again.Verdict));
    }

    [Fact]
    public void What_flaps_wide_is_one_incident_and_its_neighbours_later_trouble_is_another()
    {
        var fleet = FleetScript.Of().Pass(20);
        Func<string, string, PeerSlice, PeerSlice> Uplink(string host) => (from, to, peer) =>
            to == host ? peer with { Path = FleetScript.Losing(peer.Path!, 2, 0) } : from == host ? peer with { Path = FleetScript.Losing(peer.Path!, 0, 2) } : peer;
        for (var i = 0; i < 3; i++)
        {
            // One pair shows it a slice before the others do.
            fleet.Peer = (from, to, peer) => (from, to) == ("n2", "n3") ? Uplink("n3")(from, to, peer) : peer;
            fleet.Pass(1);
            fleet.Peer = Uplink("n3");
            fleet.Pass(8);
            fleet.Peer = (_, _, peer) => peer;
            fleet.Pass(24 + (i * 16));
        }

        Assert.Equal(["node.uplink n3"], fleet.Said);
        Assert.Equal(2, Assert.Single(fleet.Verdicts).Recurrences);
        fleet.Peer = (from, to, peer) => (from, to) == ("n2", "n3") ? peer with { Path = FleetScript.Losing(peer.Path!, 3, 0) } : peer;
        fleet.Pass(12);
        Assert.Equal(["path.loss n2 -> n3"], fleet.InForce);
        Assert.Equal(2, fleet.Verdicts.Single(v => v.What == VerdictKind.NodeUplink).Recurrences);
    }

    [Fact]
    public void What_one_judgement_takes_for_something_wider_explains_nothing_later()
    {
        var fleet = FleetScript.Of(4).Pass(20);
        PathSlice Longer(PathSlice path) => path with { Forward = FleetScript.Delay(20_200) };
        fleet.Peer = (from, to, peer) => (from, to) == ("n2", "n4") ? peer with { Path = Longer(peer.Path!) } : peer;
        fleet.Pass(8);
        // For one slice the others to n4 are slow as well.
        fleet.Peer = (from, to, peer) => to == "n4" ? peer with { Path = Longer(peer.Path!) } : peer;
        fleet.Pass(1);
        fleet.Peer = (from, to, peer) => (from, to) == ("n2", "n4") ? peer with { Path = Longer(peer.Path!) } : peer;
        fleet.Pass(8);
        var lossy = fleet.Peer;
        fleet.Peer = (from, to, peer) => (from, to) == ("n3", "n4") ? peer with { Path = FleetScript.Losing(peer.Path!, 3, 0) } : lossy(from, to, peer);
        fleet.Pass(8);
        Assert.Equal(["path.latency n2 -> n4", "path.loss n3 -> n4"], fleet.InForce.Order(StringComparer.Ordinal));
        Assert.Equal(2, fleet.Verdicts.Count);
    }

    [Fact]
    public void What_a_node_tells_of_seconds_ago_when_it_is_first_asked_did_not_happen_now()
    {
        var fleet = FleetScript.Of();
        var kept = new List<NodeSlice>();
        fleet.Node = s =>
        {
            if (s.Node != "n3")
            {
                return s;
            }

            var length = Duration.FromMilliseconds(200);
            kept.Add(kept.Count == 18 ? FleetScript.Stalled(s, s.At.Mono - length, 200, w => w with { Frozen = length }) : s);
            return null;
        };
        fleet.Pass(30);
        kept.ForEach(fleet.Tell);
        fleet.Node = s => s;
        fleet.Pass(20);
        Assert.Empty(fleet.Said);
    }
}
