using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Core.Tests.Diagnosis;

/// <summary>Who is blamed for what, on made-up slices: each as an operator would see it.</summary>
public sealed class DiagnosticianTests
{
    private static readonly TransportInfo s_acknowledging = new(default, default, default, 1, 0, 0);
    private static readonly TransportInfo s_mute = new(default, default, default, 40, 2, 2);

    [Fact]
    public void Where_all_is_well_nothing_is_said()
    {
        var fleet = Fleet().Pass(60);
        Assert.Empty(fleet.Said);
    }

    [Fact]
    public void A_stall_is_its_hosts_with_the_cause_that_its_vitals_tell()
    {
        var fleet = Fleet().Pass(20);
        var begin = fleet.Now;
        fleet.Node = s => s.Node != "n3" ? s : Stalled(s, FleetScript.On("n3", begin), 180, w => w with
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
        var fleet = Fleet().Pass(20);
        var begin = fleet.Now;
        fleet.Node = s => s.Node != "n3" ? s : Stalled(s, FleetScript.On("n3", begin), 180, w => w);
        fleet.Pass(1);
        fleet.Node = s => s;
        fleet.Pass(2);
        Assert.Empty(fleet.Said);
        fleet.Pass(4);
        Assert.Equal(["host.stalled n3"], fleet.InForce);
    }

    [Fact]
    public void A_silent_host_whose_kernel_acknowledges_is_frozen()
    {
        var fleet = Fleet().Pass(20);
        Silence(fleet, "n4", s_acknowledging);
        fleet.Pass(4);
        Assert.Equal(["host.frozen n4"], fleet.InForce);
        fleet.Pass(8);
        Assert.Equal(["host.frozen n4"], fleet.InForce);
    }

    [Fact]
    public void A_silent_host_whose_kernel_is_mute_is_gone()
    {
        var fleet = Fleet().Pass(20);
        Silence(fleet, "n4", s_mute);
        fleet.Pass(8);
        Assert.Equal(["host.gone n4"], fleet.InForce);
        Assert.DoesNotContain(fleet.Said, s => !s.EndsWith(" n4", StringComparison.Ordinal));
    }

    [Fact]
    public void A_datacenter_falls_silent_though_a_host_elsewhere_has_long_been()
    {
        var fleet = Fleet(7);
        fleet.Datacenter = name => name is "n1" or "n2" or "n3" ? "d1" : name is "n4" or "n5" ? "d2" : "d3";
        fleet.Pass(20);
        var since = new Dictionary<string, MonoTime>(StringComparer.Ordinal) { ["n3"] = fleet.Now };
        fleet.Node = s => since.ContainsKey(s.Node) ? null : s;
        fleet.Peer = (from, to, peer) => since.TryGetValue(to, out var gone) ? FleetScript.Mute(peer, fleet.Now - gone, s_mute, FleetScript.On(from, gone)) : peer;
        fleet.Pass(16);
        Assert.Equal(["host.gone n3"], fleet.InForce);
        since["n4"] = since["n5"] = fleet.Now;
        fleet.Pass(8);
        Assert.Equal(["host.gone n3", "datacenter.down datacenter d2"], fleet.InForce);
        Assert.Equal(["host.gone n3", "datacenter.down datacenter d2"], fleet.Said);
    }

    [Theory]
    [InlineData(false, "host.process_gone n4")]
    [InlineData(true, "host.left n4")]
    public void A_host_that_said_goodbye_has_left_and_one_whose_kernel_ended_its_connections_has_lost_its_process(bool leaves, string expected)
    {
        var fleet = Fleet().Pass(20);
        if (leaves)
        {
            fleet.Node = s => s.Node == "n4" ? s with { IsLeaving = true } : s;
            fleet.Pass(1);
        }

        End(fleet, "n4");
        fleet.Pass(6);
        Assert.Equal([expected], fleet.Said);
    }

    [Theory]
    [InlineData(null, "host.process_gone n4")]
    [InlineData(PeerNotice.Leaving, "host.left n4")]
    [InlineData(PeerNotice.Maintenance, null)]
    public void Who_did_not_hear_a_goodbye_itself_believes_the_one_that_did(PeerNotice? passedOn, string? expected)
    {
        var fleet = Fleet().Pass(20);
        // The last slice of n4, which says it, reaches n2 and not us.
        End(fleet, "n4");
        var ended = fleet.Peer;
        fleet.Peer = (observer, subject, peer) => ended(observer, subject, peer) with { Notice = observer == "n2" && subject == "n4" ? passedOn : null };
        fleet.Pass(6);
        Assert.Equal(expected is null ? [] : [expected], fleet.Said);
    }

    [Fact]
    public void A_goodbye_of_before_a_return_is_none_any_more()
    {
        var fleet = Fleet().Pass(20);
        // n2 has not got anything of n4's new run yet.
        fleet.Peer = (observer, subject, peer) => peer with { Notice = observer == "n2" && subject == "n4" ? PeerNotice.Leaving : null };
        fleet.Pass(4);
        fleet.Peer = (_, _, peer) => peer;
        fleet.Pass(2);
        End(fleet, "n4");
        fleet.Pass(6);
        Assert.Equal(["host.process_gone n4"], fleet.Said);
    }

    [Fact]
    public void A_process_that_ends_soon_after_a_freeze_has_been_gone_since_its_own_end()
    {
        var fleet = Fleet().Pass(20);
        Silence(fleet, "n4", s_acknowledging);
        fleet.Pass(8);
        (fleet.Node, fleet.Peer) = (s => s, (_, _, peer) => peer);
        fleet.Pass(40);
        Assert.Equal(["host.frozen n4"], fleet.Said);
        var gone = fleet.Now;
        End(fleet, "n4");
        fleet.Pass(6);

        Assert.Equal(["host.process_gone n4"], fleet.InForce);
        var verdict = Assert.Single(fleet.Verdicts, v => v.Until is null);
        Assert.Equal(0, verdict.Recurrences);
        Assert.InRange(verdict.Since.Nanoseconds - 1_700_000_000_000_000_000, gone.Nanoseconds - 300_000_000, gone.Nanoseconds + 300_000_000);
    }

    [Fact]
    public void Losses_on_one_direction_are_the_paths()
    {
        var fleet = Fleet().Pass(20);
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
        var fleet = Fleet().Pass(20);
        fleet.Peer = (from, to, peer) => to == "n3" ? peer with { Path = FleetScript.Losing(peer.Path!, 2, 0) }
            : from == "n3" ? peer with { Path = FleetScript.Losing(peer.Path!, 0, 2) }
            : peer;
        fleet.Pass(20);
        Assert.Equal(["node.uplink n3"], fleet.Said);
    }

    [Fact]
    public void Losses_that_the_receivers_own_stack_made_are_its()
    {
        var fleet = Fleet().Pass(20);
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
        var fleet = Fleet().Pass(20);
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
        var fleet = Fleet().Pass(20);
        var cut = fleet.Now;
        fleet.Peer = (from, to, peer) => from is "n2" or "n3" && to is "n2" or "n3" ? FleetScript.Mute(peer, fleet.Now - cut) : peer;
        fleet.Pass(12);
        Assert.Equal(["path.blackhole n2 <-> n3"], fleet.Said);
    }

    [Fact]
    public void Flows_that_lose_all_are_named_with_their_ports()
    {
        var fleet = Fleet().Pass(20);
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
        var fleet = Fleet().Pass(20);
        Lose(fleet, prober, unlucky: 6, slices: 6, others: 3);
        Lose(fleet, prober, unlucky: 0, slices: 8, others: 1);
        Assert.Equal(["path.loss n2 -> n3"], fleet.Said);
    }

    [Fact]
    public void A_dead_flow_among_others_that_lose_at_random_is_found_all_the_same()
    {
        var fleet = Fleet().Pass(20);
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
    public void A_longer_way_is_latency_and_a_queue_that_drops_is_congestion()
    {
        var fleet = Fleet().Pass(20);
        fleet.Peer = (from, to, peer) => (from, to) == ("n2", "n3") ? peer with { Path = peer.Path! with { Forward = FleetScript.Delay(5_200) } }
            : (from, to) == ("n3", "n2") ? peer with { Path = peer.Path! with { Backward = FleetScript.Delay(5_200) } }
            : peer;
        fleet.Pass(6);
        Assert.Equal(["path.latency n2 -> n3"], fleet.InForce);
        var latency = fleet.Peer;
        fleet.Peer = (from, to, peer) => (from, to) == ("n2", "n3") ? latency(from, to, peer) with { Path = FleetScript.Losing(latency(from, to, peer).Path!, 2, 0) } : latency(from, to, peer);
        fleet.Pass(6);
        Assert.Equal(["path.congestion n2 -> n3"], fleet.InForce);
        Assert.Single(fleet.Verdicts);
    }

    /// <summary>Either end is enough, and one slice: those whose connections die in the queue fall silent, and it drains before the losses are counted.</summary>
    [Theory]
    [InlineData("n2")]
    [InlineData("n3")]
    public void A_queue_that_drained_before_its_losses_were_counted_is_congestion(string witness)
    {
        var fleet = Fleet().Pass(20);
        fleet.Peer = (from, to, peer) => from != witness ? peer
            : (from, to) == ("n2", "n3") ? peer with { Path = peer.Path! with { Forward = FleetScript.Delay(60_200) } }
            : (from, to) == ("n3", "n2") ? peer with { Path = peer.Path! with { Backward = FleetScript.Delay(60_200) } }
            : peer;
        fleet.Pass(1);
        fleet.Peer = (from, to, peer) => (from, to) == ("n2", "n3") ? peer with { Path = FleetScript.Losing(peer.Path!, 4, 0) } : peer;
        fleet.Pass(2);
        Assert.Equal(["path.congestion n2 -> n3"], fleet.Said);
    }

    [Fact]
    public void A_step_is_the_clocks_and_nobodys_latency()
    {
        var fleet = Fleet().Pass(20);
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
        var fleet = Fleet(6);
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
        var fleet = Fleet().Pass(20);
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
        var fleet = Fleet().Pass(20);
        fleet.Node = s => s.Node == "n3" ? s with { IsInMaintenance = true } : s;
        fleet.Pass(2);
        fleet.Peer = (from, to, peer) => to == "n3" ? peer with { Path = FleetScript.Losing(peer.Path!, 5, 0) } : peer;
        fleet.Pass(8);
        Assert.Equal(["host.maintenance n3"], fleet.Said);
    }

    [Fact]
    public void Who_hears_nobody_blames_his_own_link()
    {
        var fleet = Fleet().Pass(20);
        var cut = fleet.Now;
        fleet.Node = s => s.Node == "n1" ? s : null;
        fleet.Peer = (_, _, peer) => FleetScript.Mute(peer, fleet.Now - cut, s_mute, FleetScript.On("n1", cut));
        fleet.Pass(10);
        Assert.Equal(["node.uplink n1"], fleet.Said);
    }

    [Fact]
    public void A_slice_in_which_a_reflector_counted_nothing_does_not_turn_a_dead_direction_into_two()
    {
        var fleet = Fleet().Pass(20);
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
        var fleet = Fleet().Pass(20);
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
    public void Dead_flows_that_live_again_are_not_said_of_the_other_direction()
    {
        var fleet = Fleet().Pass(20);
        fleet.Peer = (from, to, peer) => (from, to) switch
        {
            ("n2", "n3") => peer with { Path = peer.Path! with { Flows = Dead(peer.Path!.Flows, 40_002, 40_005) } },
            ("n3", "n2") => peer with { Requests = [.. peer.Requests!.Where(r => r.SourcePort is not 40_002 and not 40_005)] },
            _ => peer,
        };
        fleet.Pass(10);
        // The requests come before the replies that they will get.
        fleet.Peer = (from, to, peer) => (from, to) == ("n2", "n3") ? peer with { Path = peer.Path! with { Flows = Dead(peer.Path!.Flows, 40_002, 40_005) } } : peer;
        fleet.Pass(2);
        fleet.Peer = (_, _, peer) => peer;
        fleet.Pass(20);
        Assert.Equal(["path.flow_loss n2 -> n3, source ports 40002 40005"], fleet.Said);
        Assert.Empty(fleet.InForce);
    }

    [Fact]
    public void Where_dead_flows_live_again_and_that_of_large_packets_last_it_is_not_their_size()
    {
        var fleet = Fleet();
        fleet.Peer = (_, _, peer) => peer with { Path = WithLarge(peer.Path!) };
        fleet.Pass(20);
        foreach (var (slices, dead) in new[] { (20, new[] { 40_002, 40_007 }), (2, [40_007]), (20, []) })
        {
            fleet.Peer = (from, to, peer) => peer with
            {
                Path = WithLarge(peer.Path!) with { Flows = Dead(WithLarge(peer.Path!).Flows, (from, to) == ("n2", "n3") ? dead : []) },
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
        fleet.Peer = (_, _, peer) => peer with { Path = WithLarge(peer.Path!) };
        fleet.Pass(20);
        // What n2 tells is large itself: n3 does not get it.
        fleet.Node = s => judge == "n3" && s.Node == "n2" ? null : s;
        fleet.Peer = (from, to, peer) => (from, to) switch
        {
            ("n2", "n3") or ("n3", "n2") => peer with
            {
                Path = WithLarge(peer.Path!) with { Flows = Dead(WithLarge(peer.Path!).Flows, 40_007) },
                Requests = from == "n3" ? [.. peer.Requests!.Where(r => r.SourcePort != 40_007)] : peer.Requests,
            },
            _ => peer with { Path = WithLarge(peer.Path!) },
        };
        fleet.Pass(24);
        Assert.Equal(["path.mtu n2 -> n3"], fleet.InForce);
        Assert.Equal(["path.mtu n2 -> n3"], fleet.Said);
    }

    [Fact]
    public void A_longer_way_stays_longer_while_its_ends_stall_and_the_clocks_forget()
    {
        var fleet = Fleet().Pass(20);
        PathSlice Longer(PathSlice path, bool forward, bool isProven) => path with
        {
            RoundTrip = FleetScript.Delay(20_400),
            // Once nothing is left of the time before, half of it is put on each way, and the bound is as large.
            Bound = isProven ? path.Bound : Duration.FromMilliseconds(10),
            Forward = FleetScript.Delay(!isProven ? 10_200 : forward ? 20_200 : 200),
            Backward = FleetScript.Delay(!isProven ? 10_200 : forward ? 200 : 20_200),
        };
        var begin = fleet.Now;
        fleet.Peer = (from, to, peer) => (from, to) switch
        {
            ("n2", "n3") => peer with { Path = Longer(peer.Path!, true, fleet.Now - begin < Duration.FromSeconds(9)) },
            ("n3", "n2") => peer with { Path = Longer(peer.Path!, false, fleet.Now - begin < Duration.FromSeconds(9)) },
            _ => peer,
        };
        fleet.Pass(8);
        Assert.Equal(["path.latency n2 -> n3"], fleet.InForce);
        // A stall of 60 ms a second is what a busy host has.
        var slices = 0;
        fleet.Node = s => s.Node is "n2" or "n3" && slices++ % 8 < 2 ? Stalled(s, s.From, 60, w => w) : s;
        fleet.Pass(300);
        Assert.Contains("path.latency n2 -> n3", fleet.InForce);
        Assert.Equal(["path.latency n2 -> n3"], fleet.Said.Where(s => !s.StartsWith("host.", StringComparison.Ordinal)));
        Assert.Equal(0, fleet.Verdicts.Single(v => v.What == VerdictKind.PathLatency).Recurrences);
    }

    [Fact]
    public void What_comes_back_as_something_graver_is_called_so_at_once()
    {
        var fleet = Fleet().Pass(20);
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
    public void A_host_that_comes_back_and_heard_nobody_meanwhile_was_cut_off()
    {
        var fleet = Fleet().Pass(20);
        var cut = fleet.Now;
        var kept = new List<NodeSlice>();
        fleet.Peer = (from, to, peer) => from == "n4" || to == "n4" ? FleetScript.Mute(peer, fleet.Now - cut, s_mute, FleetScript.On(from, cut)) : peer;
        fleet.Node = s =>
        {
            if (s.Node != "n4")
            {
                return s;
            }

            kept.Add(s);
            return null;
        };
        fleet.Pass(12);
        Assert.Equal(["host.gone n4"], fleet.InForce);
        fleet.Node = s => s;
        fleet.Peer = (_, _, peer) => peer;
        kept.ForEach(fleet.Tell);
        fleet.Pass(2);
        Assert.Equal(["node.uplink n4"], fleet.InForce);
        fleet.Pass(16);
        Assert.Equal(["host.gone n4", "node.uplink n4"], fleet.Said);
        Assert.Empty(fleet.InForce);
    }

    [Fact]
    public void What_flaps_wide_is_one_incident_and_its_neighbours_later_trouble_is_another()
    {
        var fleet = Fleet().Pass(20);
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
    public void A_full_queue_without_room_for_large_packets_is_no_smaller_mtu()
    {
        var fleet = Fleet();
        fleet.Peer = (_, _, peer) => peer with { Path = WithLarge(peer.Path!) };
        fleet.Pass(20);
        fleet.Peer = (from, to, peer) => peer with
        {
            Path = (from, to) != ("n2", "n3") ? WithLarge(peer.Path!) : WithLarge(peer.Path!) with { Forward = FleetScript.Delay(60_000), Flows = Dead(WithLarge(peer.Path!).Flows, 40_007) },
            Requests = (from, to) == ("n3", "n2") ? [.. peer.Requests!.Where(r => r.SourcePort != 40_007)] : peer.Requests,
        };
        fleet.Pass(12);
        Assert.Equal(["path.congestion n2 -> n3"], fleet.InForce);
        Assert.DoesNotContain("path.mtu n2 -> n3", fleet.Said);
    }

    [Fact]
    public void Spread_that_a_late_host_makes_is_no_jitter()
    {
        var fleet = Fleet().Pass(20);
        fleet.Peer = (from, to, peer) => (from, to) == ("n2", "n3") ? peer with { Path = peer.Path! with { Forward = FleetScript.Delay(200, 6_000) } } : peer;
        fleet.Node = s => s.Node == "n3" ? s with { WakeLateness = Duration.FromMilliseconds(8) } : s;
        fleet.Pass(16);
        Assert.DoesNotContain(fleet.Said, s => s.StartsWith("path.", StringComparison.Ordinal));
        fleet.Node = s => s;
        fleet.Pass(16);
        Assert.Equal(["path.jitter n2 -> n3"], fleet.InForce);
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public void Rare_bursts_are_jitter_where_both_ends_meet_them(bool bySender, bool byReceiver, bool isSaid)
    {
        var fleet = Fleet().Pass(20);
        var slice = 0;
        fleet.Node = s => (slice = (int)s.Number) < 0 ? null : s;
        fleet.Peer = (from, to, peer) => slice % 3 != 0 ? peer
            : bySender && (from, to) == ("n2", "n3") ? peer with { Path = peer.Path! with { Forward = FleetScript.Delay(200, 6_000) } }
            : byReceiver && (from, to) == ("n3", "n2") ? peer with { Path = peer.Path! with { Backward = FleetScript.Delay(200, 6_000) } }
            : peer;
        fleet.Pass(30);
        Assert.Equal(isSaid ? ["path.jitter n2 -> n3"] : [], fleet.Said);
    }

    [Fact]
    public void What_one_judgement_takes_for_something_wider_explains_nothing_later()
    {
        var fleet = Fleet(4).Pass(20);
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
    public void Who_hears_nobody_and_stalls_a_little_all_the_time_blames_his_own_link_and_no_path()
    {
        var fleet = Fleet().Pass(20);
        var cut = fleet.Now;
        fleet.Node = s => s.Node == "n1" ? Stalled(s, s.At.Mono - Duration.FromMilliseconds(40), 40, w => w) : null;
        fleet.Peer = (_, _, peer) => FleetScript.Mute(peer, fleet.Now - cut, s_mute, FleetScript.On("n1", cut));
        fleet.Pass(10);
        Assert.Equal(["node.uplink n1"], fleet.Said);
    }

    [Fact]
    public void A_busy_host_that_is_stopped_was_frozen_though_the_vitals_that_say_so_come_a_slice_later()
    {
        var fleet = Fleet().Pass(20);
        // Its CPUs are full, and its thread waits a little for one, as far as has been told.
        HostWindow Busy(HostWindow w) => w with
        {
            ProbingRunQueueDelay = Duration.FromMilliseconds(30),
            Pressure = new HostPressure(new PressureTime(w.Length, Duration.Zero), null, null),
            AllCpus = new CpuTimes(w.Length, Duration.Zero, Duration.Zero, Duration.Zero),
        };
        fleet.Node = s => s.Node == "n3" ? s with { Host = Busy(s.Host!) } : s;
        fleet.Pass(4);
        var begin = FleetScript.On("n3", fleet.Now);
        fleet.Node = s => s.Node == "n3" ? null : s;
        fleet.Pass(2);
        var (last, length) = (Busy(new HostWindow(begin - Duration.FromMilliseconds(250), begin)), Duration.FromMilliseconds(700));
        fleet.Node = s => s.Node == "n3" ? s with { Host = last, WakeLateness = length } : s;
        fleet.Pass(1);
        Assert.Empty(fleet.Said);
        var stall = new HostStall(begin, length, Duration.FromMilliseconds(5));
        fleet.Node = s => s.Node == "n3" ? s with { Host = Busy(new HostWindow(begin, begin + length)) with { Frozen = length, Stalls = [stall] } } : s;
        fleet.Pass(1);
        Assert.Equal(["host.frozen n3"], fleet.Said);
    }

    [Fact]
    public void What_happens_to_a_host_soon_after_its_restart_is_not_the_restart_again()
    {
        var fleet = Fleet().Pass(20);
        fleet.Node = s => s.Node == "n4" ? s with { Run = 8 } : s;
        fleet.Pass(30);
        Assert.Equal(["host.restarted n4"], fleet.Said);
        Silence(fleet, "n4", s_mute);
        fleet.Pass(8);
        Assert.Equal(["host.gone n4"], fleet.InForce);
        Assert.Equal(["host.restarted n4", "host.gone n4"], fleet.Said);
    }

    [Fact]
    public void What_a_node_tells_of_seconds_ago_when_it_is_first_asked_did_not_happen_now()
    {
        var fleet = Fleet();
        var kept = new List<NodeSlice>();
        fleet.Node = s =>
        {
            if (s.Node != "n3")
            {
                return s;
            }

            var length = Duration.FromMilliseconds(200);
            kept.Add(kept.Count == 18 ? Stalled(s, s.At.Mono - length, 200, w => w with { Frozen = length }) : s);
            return null;
        };
        fleet.Pass(30);
        kept.ForEach(fleet.Tell);
        fleet.Node = s => s;
        fleet.Pass(20);
        Assert.Empty(fleet.Said);
    }

    private static IReadOnlyList<FlowSlice> Dead(IEnumerable<FlowSlice> flows, params int[] ports) =>
        [.. flows.Select(f => ports.Contains(f.SourcePort) ? f with { Answered = 0 } : f)];

    /// <summary>The last flow is one of large packets.</summary>
    private static PathSlice WithLarge(PathSlice path) => path with { Flows = [.. path.Flows.Select(f => f with { IsLarge = f.SourcePort == 40_007 })] };

    private static FleetScript Fleet(int nodes = 5) => new([.. Enumerable.Range(1, nodes).Select(i => $"n{i}")]);

    private static NodeSlice Stalled(NodeSlice slice, MonoTime from, long milliseconds, Func<HostWindow, HostWindow> vitals) => slice with
    {
        WakeLateness = Duration.FromMilliseconds(milliseconds),
        Host = vitals(slice.Host! with { Stalls = [new HostStall(from, Duration.FromMilliseconds(milliseconds), Duration.Zero)] }),
    };

    /// <summary>Its kernel ends its connections.</summary>
    private static void End(FleetScript fleet, string name)
    {
        var since = fleet.Now;
        fleet.Node = s => s.Node == name ? null : s;
        fleet.Peer = (_, to, peer) => to != name ? peer : FleetScript.Mute(peer, fleet.Now - since) with { IsConnected = false, Ended = CloseReason.EndOfStream };
    }

    private static void Silence(FleetScript fleet, string name, TransportInfo transport)
    {
        var since = fleet.Now;
        fleet.Node = s => s.Node == name ? null : s;
        fleet.Peer = (from, to, peer) => to == name ? FleetScript.Mute(peer, fleet.Now - since, transport, FleetScript.On(from, since)) : peer;
    }
}
