using Meshpulse.Core.Membership;

namespace Meshpulse.Core.Tests.Membership;

public sealed class PeerTableTests
{
    private static readonly MeshOptions s_options = new() { Self = Nodes.Self, MaxPeers = 10 };

    private readonly PeerTable _peers = new(s_options);

    [Fact]
    public void A_node_keeps_its_number_for_ten_minutes_after_it_left()
    {
        var peer = Connect(1);
        Disconnect(peer, 100);
        _peers.Sweep(Nodes.At(700));
        Assert.Same(peer, _peers.GetOrAdd(Nodes.Of(1)));
        _peers.Sweep(Nodes.At(700.1));
        Assert.Null(_peers.Find(Nodes.Of(1)));
        Assert.Equal(2, _peers.GetOrAdd(Nodes.Of(1)).Id);
    }

    [Fact]
    public void A_full_table_has_room_for_those_that_are_in_it_only()
    {
        var all = Enumerable.Range(0, 10).Select(Connect).ToList();
        Assert.True(_peers.IsFullFor(Nodes.Of(99)));
        Assert.False(_peers.IsFullFor(Nodes.Of(3)));
        Disconnect(all[3], 100);
        Assert.False(_peers.IsFullFor(Nodes.Of(99)));
        Assert.False(_peers.IsConnected(Nodes.Of(3)));
        Connect(99);
        Assert.True(_peers.IsFullFor(Nodes.Of(3)));
    }

    [Fact]
    public void Those_that_are_connected_or_answer_for_addresses_are_not_swept()
    {
        var connected = Connect(1);
        var namer = Connect(2);
        Disconnect(namer, 100);
        namer.Budget.Learned = 1;
        _peers.Sweep(Nodes.At(1_000_000));
        Assert.Same(connected, _peers.Find(Nodes.Of(1)));
        Assert.Same(namer, _peers.Find(Nodes.Of(2)));
        namer.Budget.Learned = 0;
        _peers.Sweep(Nodes.At(1_000_000));
        Assert.Null(_peers.Find(Nodes.Of(2)));
    }

    [Fact]
    public void More_than_twice_as_many_as_may_be_connected_are_remembered_for_ten_seconds()
    {
        var peers = Enumerable.Range(0, 21).Select(Connect).ToList();
        peers.ForEach(p => Disconnect(p, 100));
        _peers.Sweep(Nodes.At(110));
        Assert.NotNull(_peers.Find(Nodes.Of(1)));
        _peers.Sweep(Nodes.At(110.1));
        Assert.Null(_peers.Find(Nodes.Of(1)));
    }

    [Fact]
    public void Ever_new_names_push_out_the_departed_and_nobody_else()
    {
        var standing = Enumerable.Range(0, 9).Select(Connect).ToList();
        for (var i = 100; i < 10_000; i++)
        {
            var stranger = Connect(i);
            stranger.Budget.Learned = 1;
            Disconnect(stranger, 100);
        }

        Assert.All(standing, p => Assert.Same(p, _peers.Find(p.Identity)));
        var remembered = Enumerable.Range(100, 10_000).Count(i => _peers.Find(Nodes.Of(i)) is not null);
        Assert.InRange(remembered, 1, (3 * s_options.MaxPeers) - standing.Count);
    }

    [Fact]
    public void A_stranger_that_never_sent_a_heartbeat_is_forgotten_at_the_next_sweep()
    {
        var stranger = Connect(1);
        stranger.HasEverJoined = false;
        _peers.Sweep(Nodes.At(100));
        Assert.Same(stranger, _peers.Find(Nodes.Of(1)));
        Disconnect(stranger, 100);
        _peers.Sweep(Nodes.At(100));
        Assert.Null(_peers.Find(Nodes.Of(1)));
    }

    private MeshPeer Connect(int number)
    {
        var peer = _peers.GetOrAdd(Nodes.Of(number));
        peer.HasEverJoined = true;
        peer.Current = new MeshConnection(number, outbound: true, peer.Identity, default);
        _peers.SetConnected(connected: true);
        return peer;
    }

    private void Disconnect(MeshPeer peer, double seconds)
    {
        peer.Current = null;
        peer.LeftAt = Nodes.At(seconds);
        _peers.SetConnected(connected: false);
    }
}
