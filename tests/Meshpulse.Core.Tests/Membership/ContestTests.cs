using Meshpulse.Core.Membership;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Tests.Membership;

public sealed class ContestTests
{
    private static readonly Duration s_ping = Duration.FromMilliseconds(5);
    private static readonly bool[] s_both = [false, true];

    /// <summary>All combinations; <c>Credible</c>: the peer's call comes from the address of its identity.</summary>
    private static IEnumerable<Case> Cases =>
        from lower in s_both
        from currentOutbound in s_both
        from rivalOutbound in s_both
        from crossed in s_both
        from credible in s_both
        from turnedAway in s_both
        from currentHeard in s_both
        from rivalHeard in s_both
        from overdue in s_both
        select new Case(lower, currentOutbound, rivalOutbound, crossed, credible, turnedAway, currentHeard, rivalHeard, overdue);

    [Fact]
    public void The_connection_that_the_rules_prefer_stays_once_it_was_heard()
    {
        var decided = 0;
        foreach (var c in Cases)
        {
            var (peer, now) = c.Build();
            var (current, rival) = (peer.Current!, peer.Rival!);
            var preferred = c.PrefersCurrent ? current : rival;
            var (preferredHeard, otherHeard) = c.PrefersCurrent ? (c.CurrentHeard, c.RivalHeard) : (c.RivalHeard, c.CurrentHeard);
            var other = c.PrefersCurrent ? rival : current;
            var expected = preferredHeard ? other
                : !c.Overdue ? null
                : otherHeard ? preferred
                : rival;
            var loser = Contest.Loser(peer, c.Lower, s_ping, now);
            Assert.True(loser == expected, $"{c}: {Name(loser, peer)} lost, {Name(expected, peer)} was to");
            decided += loser is null ? 0 : 1;
        }

        Assert.Equal((512, 384), (Cases.Count(), decided));
    }

    [Fact]
    public void Nothing_is_decided_before_a_heartbeat_proves_it_or_time_is_up()
    {
        foreach (var c in Cases.Where(c => !c.Overdue && !c.CurrentHeard && !c.RivalHeard))
        {
            var (peer, now) = c.Build();
            Assert.Null(Contest.Loser(peer, c.Lower, s_ping, now));
        }
    }

    [Fact]
    public void The_only_one_that_was_heard_never_loses()
    {
        foreach (var c in Cases.Where(c => c.CurrentHeard != c.RivalHeard))
        {
            var (peer, now) = c.Build();
            var heard = c.CurrentHeard ? peer.Current : peer.Rival;
            Assert.True(Contest.Loser(peer, c.Lower, s_ping, now) != heard, c.ToString());
        }
    }

    /// <summary>Both ends are ours and hear both calls: whatever either knows, they must keep the same one.</summary>
    [Fact]
    public void Both_ends_reach_the_same_decision()
    {
        var pairs = 0;
        foreach (var lowerFirst in s_both)
        {
            foreach (var higherFirst in s_both)
            {
                foreach (var crossed in s_both)
                {
                    // Each end holds its own call and the other's; which of them it met first may differ.
                    // Only calls that crossed are met in different orders; of others both know which is the older.
                    if (!crossed && lowerFirst == higherFirst)
                    {
                        continue;
                    }

                    var atLower = new Case(true, lowerFirst, !lowerFirst, crossed, Credible: true, TurnedAway: false, CurrentHeard: true, RivalHeard: true, Overdue: false);
                    var atHigher = atLower with { Lower = false, CurrentOutbound = higherFirst, RivalOutbound = !higherFirst };
                    var (one, oneNow) = atLower.Build();
                    var (two, twoNow) = atHigher.Build();
                    var lostAtLower = Contest.Loser(one, selfIsLower: true, s_ping, oneNow)!;
                    var lostAtHigher = Contest.Loser(two, selfIsLower: false, s_ping, twoNow)!;
                    Assert.True(lostAtLower.Outbound != lostAtHigher.Outbound, $"{atLower} and {atHigher}");
                    Assert.Equal(crossed ? false : !lowerFirst, lostAtLower.Outbound);
                    pairs++;
                }
            }
        }

        Assert.Equal(6, pairs);
    }

    /// <summary>Each end says by its own times whether two calls crossed, and one that is held up sees them nearer, or further apart, than the other.</summary>
    [Theory]
    [InlineData(1_450, 1_550)]
    [InlineData(1_550, 1_450)]
    [InlineData(800, 2_900)]
    [InlineData(2_900, 800)]
    public void Ends_that_may_differ_on_whether_calls_crossed_never_close_both(int apartAtLower, int apartAtHigher)
    {
        var atLower = new Case(true, false, true, Crossed: true, Credible: true, TurnedAway: false, CurrentHeard: true, RivalHeard: true, Overdue: false);
        var atHigher = atLower with { Lower = false, CurrentOutbound = true, RivalOutbound = false };
        var (lower, lowerNow) = atLower.Build(Duration.FromMilliseconds(apartAtLower));
        var (higher, higherNow) = atHigher.Build(Duration.FromMilliseconds(apartAtHigher));
        Assert.NotNull(Contest.Loser(lower, selfIsLower: true, s_ping, lowerNow));
        Assert.Null(Contest.Loser(higher, selfIsLower: false, s_ping, higherNow));

        // A lower one that closes neither, as an original may, is not waited for.
        foreach (var connection in new[] { higher.Current!, higher.Rival! })
        {
            connection.Hear(higher.Rival!.EstablishedAt + Contest.Deadline + Duration.FromMilliseconds(1));
        }

        Assert.NotNull(Contest.Loser(higher, selfIsLower: false, s_ping, higherNow + Contest.Deadline));
    }

    [Fact]
    public void A_call_that_was_turned_away_before_the_present_ones_insists_only_while_it_is_remembered()
    {
        var c = new Case(true, true, false, Crossed: false, Credible: true, TurnedAway: true, CurrentHeard: true, RivalHeard: true, Overdue: false);
        var (peer, now) = c.Build();
        Assert.Equal(peer.Current, Contest.Loser(peer, selfIsLower: true, s_ping, now));
        peer.TurnedAwayAt = now - Contest.TurnedAwayMemory;
        Assert.Equal(peer.Rival, Contest.Loser(peer, selfIsLower: true, s_ping, now));
        peer.TurnedAwayAt = now;
        Assert.Equal(peer.Rival, Contest.Loser(peer, selfIsLower: true, s_ping, now));
    }

    [Fact]
    public void A_peer_with_one_connection_or_none_has_no_contest()
    {
        var (peer, now) = Cases.First(c => c.CurrentHeard).Build();
        peer.Rival = null;
        Assert.Null(Contest.Loser(peer, selfIsLower: true, s_ping, now));
        peer.Current = null;
        Assert.Null(Contest.Loser(peer, selfIsLower: true, s_ping, now));
    }

    [Fact]
    public void A_slow_mesh_waits_for_three_heartbeats()
    {
        var c = Cases.First(c => !c.CurrentHeard && !c.RivalHeard && c.Overdue);
        var (peer, now) = c.Build();
        Assert.NotNull(Contest.Loser(peer, c.Lower, s_ping, now));
        Assert.Null(Contest.Loser(peer, c.Lower, Duration.FromSeconds(1), now));
        Assert.NotNull(Contest.Loser(peer, c.Lower, Duration.FromSeconds(1), now + Duration.FromSeconds(2)));
    }

    private static string Name(MeshConnection? connection, MeshPeer peer) => connection is null ? "none" : connection == peer.Current ? "current" : "rival";

    private sealed record Case(
        bool Lower, bool CurrentOutbound, bool RivalOutbound, bool Crossed, bool Credible, bool TurnedAway, bool CurrentHeard, bool RivalHeard, bool Overdue)
    {
        /// <summary>The rules as the essay of <see cref="Contest"/> tells them.</summary>
        public bool PrefersCurrent
        {
            get
            {
                if (CurrentOutbound == RivalOutbound)
                {
                    return true;
                }

                if (!Crossed)
                {
                    // The older one, unless the peer insists from the address that it claims.
                    return !(TurnedAway && Credible) || !CurrentOutbound;
                }

                return (Lower && !TurnedAway) == CurrentOutbound;
            }
        }

        public (MeshPeer Peer, MonoTime Now) Build() => Build(Crossed ? Duration.FromMilliseconds(3) : Duration.FromSeconds(5));

        public (MeshPeer Peer, MonoTime Now) Build(Duration apart)
        {
            var identity = Nodes.Of(7);
            var peer = new MeshPeer(1, identity, Nodes.Options) { TurnedAwayAt = TurnedAway ? Nodes.At(90) : null };
            var began = Nodes.At(100);
            peer.Current = Connection(0, CurrentOutbound, identity, began - apart);
            peer.Rival = Connection(1, RivalOutbound, identity, began);
            // What was heard before the contest began proves nothing.
            peer.Current.Hear(began - Duration.FromMilliseconds(1));
            if (CurrentHeard)
            {
                peer.Current.Hear(began + Duration.FromMilliseconds(4));
            }

            if (RivalHeard)
            {
                peer.Rival.Hear(began + Duration.FromMilliseconds(4));
            }

            return (peer, began + (Overdue ? Duration.FromMilliseconds(1_501) : Duration.FromMilliseconds(1_499)));
        }

        private MeshConnection Connection(int id, bool outbound, NodeEndpoint identity, MonoTime established)
        {
            var remote = outbound ? identity : Credible ? identity.WithPort(40_001) : Nodes.Of(99, 40_001);
            return new MeshConnection(id, outbound, remote, established) { EstablishedAt = established };
        }
    }
}
