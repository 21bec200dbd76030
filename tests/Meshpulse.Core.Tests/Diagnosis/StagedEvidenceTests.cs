using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Core.Tests.Diagnosis;

/// <summary>Slices come one after the other: what is wide shows on some pairs first, and what ends does not end everywhere at once. Neither is called something else meanwhile.</summary>
public sealed class StagedEvidenceTests
{
    private static readonly TransportInfo s_acknowledging = new(default, default, default, 1, 0, 0);
    private static readonly TransportInfo s_mute = new(default, default, default, 40, 2, 2);

    [Fact]
    public void A_cut_between_datacenters_that_some_tell_of_first_is_not_said_to_be_theirs()
    {
        var fleet = Fleet(6);
        fleet.Datacenter = n => n[^1] < '4' ? "west" : "east";
        fleet.Pass(20);
        var cut = fleet.Now;
        // What n3, n4 and n5 tell of each other comes first, the rest a quarter second later.
        fleet.Peer = (from, to, peer) => fleet.Datacenter(from) == fleet.Datacenter(to)
            || ((from, to) is not (("n3", "n4" or "n5") or ("n4" or "n5", "n3")) && fleet.Now - cut < Duration.FromMilliseconds(600))
            ? peer
            : FleetScript.Mute(peer, fleet.Now - cut);
        fleet.Pass(8);
        Assert.Equal(["datacenter.path datacenters east <-> west"], fleet.Said);
    }

    [Fact]
    public void What_a_host_tells_late_of_a_cut_that_is_over_does_not_begin_it_again()
    {
        var fleet = Fleet(5).Pass(20);
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
        // It is heard again sooner than it hears; and to ask it takes until the next attempt.
        fleet.Peer = (from, to, peer) => from == "n4" ? FleetScript.Mute(peer, fleet.Now - cut, s_mute, FleetScript.On(from, cut)) : peer;
        fleet.Pass(3);
        fleet.Peer = (_, _, peer) => peer;
        fleet.Pass(12);
        Assert.Empty(fleet.InForce);
        fleet.Node = s => s;
        kept.ForEach(fleet.Tell);
        fleet.Pass(12);
        Assert.DoesNotContain(fleet.Changes, c => c.Kind == VerdictChangeKind.Recurred);
        Assert.Equal(["host.gone n4"], fleet.Said);
    }

    [Theory]
    [InlineData(7, false)]
    [InlineData(20, true)]
    public void A_flow_that_is_silent_behind_a_stall_is_dead_only_where_it_stays_so(int slices, bool isDead)
    {
        var fleet = Fleet(5).Pass(20);
        // n3 stands still again and again, and what it finds of one flow comes later than of the others.
        fleet.Node = s => s.Node != "n3" ? s : s with
        {
            WakeLateness = Duration.FromMilliseconds(45),
            Host = s.Host! with { Stalls = [new HostStall(s.At.Mono - Duration.FromMilliseconds(90), Duration.FromMilliseconds(45), Duration.FromMilliseconds(45))] },
        };
        fleet.Peer = (from, to, peer) => (from, to) == ("n2", "n3")
            ? peer with { Path = peer.Path! with { Flows = [.. peer.Path.Flows.Select(f => f.SourcePort == 40_002 ? f with { Answered = 0 } : f)] } }
            : (from, to) == ("n3", "n2") ? peer with { Requests = [.. peer.Requests!.Where(r => r.SourcePort != 40_002)] } : peer;
        fleet.Pass(slices);
        fleet.Peer = (_, _, peer) => peer;
        fleet.Pass(20);
        Assert.Equal(isDead ? ["path.flow_loss n2 -> n3, source port 40002"] : [], fleet.Said.Where(s => s.StartsWith("path.", StringComparison.Ordinal)));
    }

    [Fact]
    public void Two_hosts_that_fall_silent_at_once_are_no_part_of_the_mesh_where_the_way_to_one_is_open()
    {
        var fleet = Fleet(6).Pass(20);
        var since = fleet.Now;
        fleet.Node = s => s.Node is "n5" or "n6" ? null : s;
        fleet.Peer = (from, to, peer) => to is "n5" or "n6" ? FleetScript.Mute(peer, fleet.Now - since, to == "n5" ? s_acknowledging : s_mute, FleetScript.On(from, since)) : peer;
        fleet.Pass(10);
        Assert.Equal(["host.frozen n5", "host.gone n6"], fleet.Said.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Who_hears_nobody_blames_his_own_link_though_one_fell_silent_before_the_rest()
    {
        var fleet = Fleet(6).Pass(20);
        var cut = fleet.Now + Duration.FromSeconds(1);
        fleet.Node = s => s.Node == "n1" || (s.Node != "n2" && fleet.Now < cut) ? s : null;
        fleet.Peer = (from, to, peer) => to == "n2" ? FleetScript.Mute(peer, fleet.Now - cut + Duration.FromSeconds(1), s_mute, FleetScript.On(from, cut))
            : from == "n1" && fleet.Now > cut ? FleetScript.Mute(peer, fleet.Now - cut, s_mute, FleetScript.On(from, cut))
            : peer;
        fleet.Pass(14);
        Assert.Contains("node.uplink n1", fleet.Said);
        Assert.DoesNotContain(fleet.Said, s => s.StartsWith("path.", StringComparison.Ordinal));
    }

    [Fact]
    public void Large_packets_that_pass_again_do_not_change_the_direction_in_which_they_did_not()
    {
        var fleet = Fleet().Pass(20);
        var arrives = false;
        fleet.Peer = (from, to, peer) => (from, to) switch
        {
            ("n2", "n3") => peer with { Path = WithLarge(peer.Path!, sent: 2) },
            ("n3", "n2") => peer with { Requests = arrives ? [.. peer.Requests!, new FlowRequests(40_099, 1)] : peer.Requests },
            _ => peer,
        };
        fleet.Pass(12);
        Assert.Equal(["path.mtu n2 -> n3"], fleet.Said);
        // The receiver tells of the first one that passes; the sender, who has its answer, tells nothing for a moment.
        arrives = true;
        fleet.Node = s => s.Node == "n2" ? null : s;
        fleet.Pass(2);
        Assert.Equal(["path.mtu n2 -> n3"], fleet.Said);
    }

    [Fact]
    public void Dead_flows_with_the_large_one_among_them_are_not_its_size()
    {
        var fleet = Fleet().Pass(20);
        // Two of the small ones have not lost enough in a row to be called dead.
        fleet.Peer = (from, to, peer) => (from, to) != ("n2", "n3") ? peer : peer with
        {
            Path = WithLarge(peer.Path!, sent: 1) with
            {
                Flows = [.. WithLarge(peer.Path!, sent: 1).Flows.Select(f => f.SourcePort is 40_003 or 40_004 ? f with { Sent = fleet.Now.Nanoseconds / 250_000_000 % 2, Answered = 0 } : f)],
            },
        };
        fleet.Pass(12);
        Assert.DoesNotContain(fleet.Said, s => s.StartsWith("path.mtu", StringComparison.Ordinal));
    }

    [Fact]
    public void A_longer_way_that_ends_within_a_slice_was_no_queue()
    {
        var fleet = Fleet().Pass(20);
        Delayed(fleet, 40_000);
        fleet.Pass(8);
        Delayed(fleet, 12_000);
        fleet.Pass(1).Judge(120);
        fleet.Peer = (_, _, peer) => peer;
        fleet.Pass(12);
        Assert.Equal(["path.latency n2 -> n3"], fleet.Said);
        Assert.Empty(fleet.InForce);
    }

    [Fact]
    public void A_pinned_host_is_not_called_contended_by_a_window_in_which_it_only_begins()
    {
        var fleet = Fleet().Pass(20);
        var from = fleet.Now;
        fleet.Node = s => s.Node != "n3" ? s : s with { WakeLateness = Duration.FromMilliseconds(90), Host = Pinned(s.Host!, fleet.Now - from > Duration.FromMilliseconds(300) ? 0.98 : 0.3) };
        fleet.Pass(6);
        Assert.Equal(["host.pinning n3"], fleet.Said);
    }

    private static void Delayed(FleetScript fleet, long microseconds) =>
        fleet.Peer = (from, to, peer) => (from, to) == ("n2", "n3") ? peer with { Path = peer.Path! with { Forward = FleetScript.Delay(microseconds) } }
            : (from, to) == ("n3", "n2") ? peer with { Path = peer.Path! with { Backward = FleetScript.Delay(microseconds) } }
            : peer;

    private static PathSlice WithLarge(PathSlice path, long sent) => path with { Flows = [.. path.Flows, new FlowSlice(40_099, sent, 0, 0, 0, 0) { IsLarge = true }] };

    /// <summary>One CPU of eight, with so much to do, and a thread that waited for it.</summary>
    private static HostWindow Pinned(HostWindow window, double load)
    {
        var stall = Duration.FromMilliseconds(90);
        return window with
        {
            Stalls = [new HostStall(window.Until - Duration.FromMilliseconds(120), stall, stall)],
            AllowedCpuCount = 1,
            OnlineCpuCount = 8,
            AllowedCpus = Cpus(window.Length, load),
            AllCpus = Cpus(window.Length * 8, load / 8),
        };
    }

    private static CpuTimes Cpus(Duration total, double load)
    {
        var busy = new Duration((long)(total.Nanoseconds * load));
        return new CpuTimes(busy, total - busy, Duration.Zero, Duration.Zero);
    }

    private static FleetScript Fleet(int nodes = 5) => new([.. Enumerable.Range(1, nodes).Select(i => $"n{i}")]);
}
