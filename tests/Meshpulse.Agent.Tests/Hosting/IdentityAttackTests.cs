using System.Diagnostics;
using System.Net.Sockets;
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

    [Fact]
    public async Task A_hello_with_an_identity_that_is_none_is_refused()
    {
        await using var mesh = await TestMesh.StartAsync(2);
        string[] texts =
            ["0.0.0.0:12222", "224.0.0.1:12222", "255.255.255.255:12222", "127.1.2.3:0", "[::]:12222", "[fe80::1]:12222", "[ff02::1]:12222"];
        for (var i = 0; i < texts.Length; i++)
        {
            Assert.True(NodeEndpoint.TryParse(texts[i], out var identity));
            using var peer = await RawPeer.CallAsync(mesh.Victim.Self);
            peer.Hello(identity);
            Assert.Equal(RawEnd.Reset, await peer.Ended.WaitAsync(Eventually.Hang));
            Assert.True(i + 1 == mesh.Victim.Refused(RefusalReason.BadIdentity), $"{texts[i]}: {mesh}");
        }

        await mesh.AssertUnharmedAsync();
    }

    [Fact]
    public async Task Claiming_a_connected_peers_identity_takes_nothing_from_it()
    {
        await using var mesh = await TestMesh.StartAsync();
        // Older than calls that cross can be: until then nobody can tell a second call from one that crossed ours.
        await Eventually.TrueAsync(() => mesh.Agents.TrueForAll(a => mesh.Agents.TrueForAll(o => a == o || a.ReceivedFrom(o.Self) > 200)), mesh.ToString);
        var before = mesh.Agents.ToDictionary(a => a, a => (a.Counters.Duplicates, a.Counters.Dials));
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
        // The stranger's calls were turned away, each of them, and its lists did not count as the peer's.
        Assert.All(before, b => Assert.Equal((b.Value.Duplicates + 12, b.Value.Dials), (b.Key.Counters.Duplicates, b.Key.Counters.Dials)));
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
    public async Task Who_calls_from_the_address_that_it_claims_displaces_who_does_not()
    {
        await using var mesh = await TestMesh.StartAsync(2);
        var self = LoopbackAddresses.Next();
        using var squatter = await RawPeer.CallAsync(mesh.Victim.Self, LoopbackAddresses.Next().ToIPAddress());
        squatter.Hello(self);
        squatter.StartBeating();
        await Eventually.TrueAsync(() => mesh.Victim.IsConnectedTo(self), mesh.ToString);

        using var owner = await RawPeer.CallAsync(mesh.Victim.Self, self.ToIPAddress());
        owner.Hello(self);
        owner.StartBeating();
        Assert.NotEqual(RawEnd.Disposed, await squatter.Ended.WaitAsync(Eventually.Hang));
        await Eventually.TrueAsync(() => owner.Heartbeats > 20, "the owner is sent heartbeats");
        Assert.False(owner.Ended.IsCompleted);
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
            try
            {
                using var peer = await RawPeer.CallAsync(victim.Self, reads: false);
                peer.Hello(LoopbackAddresses.Next());
                peer.Ping();
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
            {
                // One of more than may be pending: refused before it was known to stand.
            }
        }

        await Eventually.TrueAsync(() => victim.Refused(RefusalReason.TooManyPeers) > 100, mesh.ToString);
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
