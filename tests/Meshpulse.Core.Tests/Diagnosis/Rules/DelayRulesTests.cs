using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Diagnosis.Rules;

/// <summary>What late packets mean: as an operator would see it.</summary>
public sealed class DelayRulesTests
{
    [Fact]
    public void A_longer_way_is_latency_and_a_queue_that_drops_is_congestion()
    {
        var fleet = FleetScript.Of().Pass(20);
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
        var fleet = FleetScript.Of().Pass(20);
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
    public void A_longer_way_stays_longer_while_its_ends_stall_and_the_clocks_forget()
    {
        var fleet = FleetScript.Of().Pass(20);
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
        fleet.Node = s => s.Node is "n2" or "n3" && slices++ % 8 < 2 ? FleetScript.Stalled(s, s.From, 60, w => w) : s;
        fleet.Pass(300);
        Assert.Contains("path.latency n2 -> n3", fleet.InForce);
        Assert.Equal(["path.latency n2 -> n3"], fleet.Said.Where(s => !s.StartsWith("host.", StringComparison.Ordinal)));
        Assert.Equal(0, fleet.Verdicts.Single(v => v.What == VerdictKind.PathLatency).Recurrences);
    }

    [Fact]
    public void Spread_that_a_late_host_makes_is_no_jitter()
    {
        var fleet = FleetScript.Of().Pass(20);
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
        var fleet = FleetScript.Of().Pass(20);
        var slice = 0;
        fleet.Node = s => (slice = (int)s.Number) < 0 ? null : s;
        fleet.Peer = (from, to, peer) => slice % 3 != 0 ? peer
            : bySender && (from, to) == ("n2", "n3") ? peer with { Path = peer.Path! with { Forward = FleetScript.Delay(200, 6_000) } }
            : byReceiver && (from, to) == ("n3", "n2") ? peer with { Path = peer.Path! with { Backward = FleetScript.Delay(200, 6_000) } }
            : peer;
        fleet.Pass(30);
        Assert.Equal(isSaid ? ["path.jitter n2 -> n3"] : [], fleet.Said);
    }
}
