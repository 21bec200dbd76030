using System.Diagnostics;
using Meshpulse.Core.Membership;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Hosting;

/// <summary>Hellos that claim to be somebody else.</summary>
public class IdentityAttackTests
{
    [Fact]
    public async Task A_hello_with_our_own_identity_is_refused()
    {
        await using var mesh = await TestMesh.StartAsync();
        using var peer = await RawPeer.CallAsync(mesh.Victim.Self);
        peer.Hello(mesh.Victim.Self);
        peer.Ping();
        Assert.Equal(RawEnd.Reset, await peer.Ended.WaitAsync(Eventually.Hang));
        Assert.Equal(1, mesh.Victim.Refused(RefusalReason.OwnIdentity));
        await mesh.AssertUnharmedAsync();
    }

    [Theory]
    [InlineData("0.0.0.0:12222")]
    [InlineData("224.0.0.1:12222")]
    [InlineData("255.255.255.255:12222")]
    [InlineData("127.1.2.3:0")]
    [InlineData("[::]:12222")]
    [InlineData("[fe80::1]:12222")]
    [InlineData("[ff02::1]:12222")]
    public async Task A_hello_with_an_identity_that_is_none_is_refused(string text)
    {
        Assert.True(NodeEndpoint.TryParse(text, out var identity));
        await using var mesh = await TestMesh.StartAsync(2);
        using var peer = await RawPeer.CallAsync(mesh.Victim.Self);
        peer.Hello(identity);
        Assert.Equal(RawEnd.Reset, await peer.Ended.WaitAsync(Eventually.Hang));
        Assert.Equal(1, mesh.Victim.Refused(RefusalReason.BadIdentity));
        await mesh.AssertUnharmedAsync();
    }

    [Fact]
    public async Task Claiming_a_connected_peers_identity_takes_nothing_from_it()
    {
        await using var mesh = await TestMesh.StartAsync();
        // Older than calls that cross can be: until then nobody can tell a second call from one that crossed ours.
        await Eventually.TrueAsync(() => mesh.Agents.TrueForAll(a => mesh.Agents.TrueForAll(o => a == o || a.ReceivedFrom(o.Self) > 200)), mesh.ToString);
        var stranger = LoopbackAddresses.Next().ToIPAddress();
        // Every agent attacked as every other one: calls of ours and of theirs, from the lower and from the higher identity.
        foreach (var (victim, claimed) in mesh.Agents.SelectMany(v => mesh.Agents.Where(o => o != v).Select(o => (v, o.Self))))
        {
            for (var i = 0; i < 6; i++)
            {
                using var peer = await RawPeer.CallAsync(victim.Self, stranger);
                peer.Hello(claimed);
                if (i % 2 == 1)
                {
                    peer.StartBeating(1, () => (null, [LoopbackAddresses.Next()]));
                }

                Assert.NotEqual(RawEnd.Disposed, await peer.Ended.WaitAsync(Eventually.Hang));
            }
        }

        await mesh.AssertUnharmedAsync();
        Assert.All(mesh.Agents, a => Assert.Equal(12, a.Counters.Duplicates));
        // The stranger's lists did not count as the peer's.
        Assert.All(mesh.Agents, a => Assert.InRange(a.Counters.Dials, 0, 2));
    }

    [Fact]
    public async Task A_mute_claim_does_not_end_a_peer_that_is_merely_silent_for_a_while()
    {
        await using var mesh = await TestMesh.StartAsync(2);
        var self = LoopbackAddresses.Next();
        using var peer = await mesh.JoinAsync(self, isBeating: false);
        using var claim = await RawPeer.CallAsync(mesh.Victim.Self, self.ToIPAddress());
        claim.Hello(self);
        await claim.Ended.WaitAsync(Eventually.Hang);
        Assert.False(peer.Ended.IsCompleted);

        peer.StartBeating();
        var before = mesh.Victim.ReceivedFrom(self);
        await Eventually.TrueAsync(() => mesh.Victim.ReceivedFrom(self) > before + 20, mesh.ToString);
        Assert.Equal(0, mesh.Victim.Seen.Count(MeshEventKind.PeerLeft, self));
        await mesh.AssertPeersNoticeNothingAsync();
    }

    [Fact]
    public async Task A_caller_with_ever_new_identities_is_held_to_a_pace()
    {
        await using var mesh = await TestMesh.StartAsync(options: o => o with { NewcomersPerSecond = 20, MaxPeers = 100 });
        var victim = mesh.Victim;
        var (joined, watch) = (victim.Counters.Connects, Stopwatch.StartNew());
        var others = mesh.Agents.Sum(a => a == victim ? 0 : a.Counters.Dials);
        for (var i = 0; i < 1500; i++)
        {
            using var peer = await RawPeer.CallAsync(victim.Self, reads: false);
            peer.Hello(LoopbackAddresses.Next());
            peer.Ping();
        }

        await Eventually.TrueAsync(() => victim.Refused(RefusalReason.TooManyPeers) > 500, mesh.ToString);
        Assert.InRange(victim.Counters.Connects - joined, 1, (20 * 11) + (20 * watch.Elapsed.TotalSeconds));
        await Eventually.TrueAsync(() => victim.SeriesCount <= 2 + 100, () => $"{victim.SeriesCount} series");
        // The victim names them to its peers, who may call only so many a second on its word.
        Assert.InRange(mesh.Agents.Sum(a => a == victim ? 0 : a.Counters.Dials) - others, 0, 2 * 20 * (watch.Elapsed.TotalSeconds + 4));
        await mesh.AssertUnharmedAsync();
    }

    [Fact]
    public async Task A_restarted_peer_replaces_its_old_connection()
    {
        await using var mesh = await TestMesh.StartAsync();
        var self = LoopbackAddresses.Next();
        using var old = await mesh.JoinAsync(self, isBeating: false);
        using var restarted = await RawPeer.CallAsync(mesh.Victim.Self, self.ToIPAddress());
        restarted.Hello(self);
        restarted.StartBeating();

        Assert.NotEqual(RawEnd.Disposed, await old.Ended.WaitAsync(Eventually.Hang));
        await Eventually.TrueAsync(() => restarted.Heartbeats > 20, "the new connection is sent heartbeats");
        Assert.False(restarted.Ended.IsCompleted);
        Assert.Equal(0, mesh.Victim.Seen.Count(MeshEventKind.PeerLeft, self));
        Assert.Equal(1, mesh.Victim.Seen.Count(MeshEventKind.ConnectionClosed, self));
        await mesh.AssertPeersNoticeNothingAsync();
        restarted.Dispose();
        await mesh.AssertUnharmedAsync();
    }
}
