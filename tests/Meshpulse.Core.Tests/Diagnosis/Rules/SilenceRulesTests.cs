using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Core.Tests.Diagnosis.Rules;

/// <summary>What silence means: as an operator would see it.</summary>
public sealed class SilenceRulesTests
{
    [Fact]
    public void A_silent_host_whose_kernel_acknowledges_is_frozen()
    {
        var fleet = FleetScript.Of().Pass(20);
        fleet.Silence("n4", FleetScript.Acknowledging);
        fleet.Pass(4);
        Assert.Equal(["host.frozen n4"], fleet.InForce);
        fleet.Pass(8);
        Assert.Equal(["host.frozen n4"], fleet.InForce);
    }

    [Fact]
    public void A_host_that_stalled_a_little_and_is_silent_for_long_since_is_frozen()
    {
        var fleet = FleetScript.Of().Pass(20);
        fleet.Node = s => s.Node == "n4" ? FleetScript.Stalled(s, s.From, 180, w => w with { Cgroup = new CgroupCpu(1, 3, 2, Duration.FromMilliseconds(170)) }) : s;
        fleet.Pass(1);
        fleet.Silence("n4", FleetScript.Acknowledging);
        fleet.Pass(3);
        // Until its word is old, it explains the silence.
        Assert.Equal(["host.cpu_throttled n4"], fleet.InForce);
        fleet.Pass(13);
        Assert.Equal(["host.frozen n4"], fleet.InForce);
        Assert.Equal(["host.cpu_throttled n4", "host.frozen n4"], fleet.Said);
    }

    [Fact]
    public void A_silent_host_whose_kernel_is_mute_is_gone()
    {
        var fleet = FleetScript.Of().Pass(20);
        fleet.Silence("n4", FleetScript.Unacknowledged);
        fleet.Pass(8);
        Assert.Equal(["host.gone n4"], fleet.InForce);
        Assert.DoesNotContain(fleet.Said, s => !s.EndsWith(" n4", StringComparison.Ordinal));
    }

    [Fact]
    public void A_datacenter_falls_silent_though_a_host_elsewhere_has_long_been()
    {
        var fleet = FleetScript.Of(7);
        fleet.Datacenter = name => name is "n1" or "n2" or "n3" ? "d1" : name is "n4" or "n5" ? "d2" : "d3";
        fleet.Pass(20);
        var since = new Dictionary<string, MonoTime>(StringComparer.Ordinal) { ["n3"] = fleet.Now };
        fleet.Node = s => since.ContainsKey(s.Node) ? null : s;
        fleet.Peer = (from, to, peer) => since.TryGetValue(to, out var gone) ? FleetScript.Mute(peer, fleet.Now - gone, FleetScript.Unacknowledged, FleetScript.On(from, gone)) : peer;
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
        var fleet = FleetScript.Of().Pass(20);
        if (leaves)
        {
            fleet.Node = s => s.Node == "n4" ? s with { IsLeaving = true } : s;
            fleet.Pass(1);
        }

        fleet.End("n4");
        fleet.Pass(6);
        Assert.Equal([expected], fleet.Said);
    }

    [Theory]
    [InlineData(PeerNotice.Leaving, 0, "host.process_gone n4")]
    [InlineData(PeerNotice.Leaving, 2, "host.left n4")]
    [InlineData(PeerNotice.Maintenance, 2, null)]
    // One alone may be mistaken.
    [InlineData(PeerNotice.Leaving, 1, "host.process_gone n4")]
    [InlineData(PeerNotice.Maintenance, 1, "host.process_gone n4")]
    public void Who_did_not_hear_a_goodbye_itself_believes_those_that_did(PeerNotice passedOn, int tellers, string? expected)
    {
        var fleet = FleetScript.Of().Pass(20);
        // The last slice of n4, which says it, reaches some of n2, n3 and n5, and not us.
        fleet.End("n4");
        var ended = fleet.Peer;
        fleet.Peer = (observer, subject, peer) => ended(observer, subject, peer) with { Notice = subject == "n4" && Tells(observer) ? passedOn : null };
        fleet.Pass(6);
        Assert.Equal(expected is null ? [] : [expected], fleet.Said);

        bool Tells(string observer) => observer is "n2" && tellers > 0 || observer is "n3" && tellers > 1;
    }

    [Fact]
    public void A_goodbye_of_before_a_return_is_none_any_more()
    {
        var fleet = FleetScript.Of().Pass(20);
        // n2 has not got anything of n4's new run yet.
        fleet.Peer = (observer, subject, peer) => peer with { Notice = observer is "n2" or "n3" && subject == "n4" ? PeerNotice.Leaving : null };
        fleet.Pass(4);
        fleet.Peer = (_, _, peer) => peer;
        fleet.Pass(2);
        fleet.End("n4");
        fleet.Pass(6);
        Assert.Equal(["host.process_gone n4"], fleet.Said);
    }

    [Fact]
    public void A_process_that_ends_soon_after_a_freeze_has_been_gone_since_its_own_end()
    {
        var fleet = FleetScript.Of().Pass(20);
        fleet.Silence("n4", FleetScript.Acknowledging);
        fleet.Pass(8);
        (fleet.Node, fleet.Peer) = (s => s, (_, _, peer) => peer);
        fleet.Pass(40);
        Assert.Equal(["host.frozen n4"], fleet.Said);
        var gone = fleet.Now;
        fleet.End("n4");
        fleet.Pass(6);

        Assert.Equal(["host.process_gone n4"], fleet.InForce);
        var verdict = Assert.Single(fleet.Verdicts, v => v.Until is null);
        Assert.Equal(0, verdict.Recurrences);
        Assert.InRange(verdict.Since.Nanoseconds - 1_700_000_000_000_000_000, gone.Nanoseconds - 300_000_000, gone.Nanoseconds + 300_000_000);
    }

    [Fact]
    public void Who_hears_nobody_blames_his_own_link()
    {
        var fleet = FleetScript.Of().Pass(20);
        var cut = fleet.Now;
        fleet.Node = s => s.Node == "n1" ? s : null;
        fleet.Peer = (_, _, peer) => FleetScript.Mute(peer, fleet.Now - cut, FleetScript.Unacknowledged, FleetScript.On("n1", cut));
        fleet.Pass(10);
        Assert.Equal(["node.uplink n1"], fleet.Said);
    }

    [Fact]
    public void A_host_that_comes_back_and_heard_nobody_meanwhile_was_cut_off()
    {
        var fleet = FleetScript.Of().Pass(20);
        var cut = fleet.Now;
        var kept = new List<NodeSlice>();
        fleet.Peer = (from, to, peer) => from == "n4" || to == "n4" ? FleetScript.Mute(peer, fleet.Now - cut, FleetScript.Unacknowledged, FleetScript.On(from, cut)) : peer;
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
    public void Who_hears_nobody_and_stalls_a_little_all_the_time_blames_his_own_link_and_no_path()
    {
        var fleet = FleetScript.Of().Pass(20);
        var cut = fleet.Now;
        fleet.Node = s => s.Node == "n1" ? FleetScript.Stalled(s, s.At.Mono - Duration.FromMilliseconds(40), 40, w => w) : null;
        fleet.Peer = (_, _, peer) => FleetScript.Mute(peer, fleet.Now - cut, FleetScript.Unacknowledged, FleetScript.On("n1", cut));
        fleet.Pass(10);
        Assert.Equal(["node.uplink n1"], fleet.Said);
    }

    [Fact]
    public void A_busy_host_that_is_stopped_was_frozen_though_the_vitals_that_say_so_come_a_slice_later()
    {
        var fleet = FleetScript.Of().Pass(20);
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
        var fleet = FleetScript.Of().Pass(20);
        fleet.Node = s => s.Node == "n4" ? s with { Run = 8 } : s;
        fleet.Pass(30);
        Assert.Equal(["host.restarted n4"], fleet.Said);
        fleet.Silence("n4", FleetScript.Unacknowledged);
        fleet.Pass(8);
        Assert.Equal(["host.gone n4"], fleet.InForce);
        Assert.Equal(["host.restarted n4", "host.gone n4"], fleet.Said);
    }
}
