using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Tests.Membership;

public sealed class MeshNodeTests
{
    private readonly NodeBench _bench = new();

    /// <summary>The bytes of the protocol page's examples, from the node that they were read from.</summary>
    [Fact]
    public void A_call_says_hello_and_then_sends_heartbeats_of_twelve_bytes()
    {
        Assert.True(NodeEndpoint.TryParse("127.0.1.2:12222", out var self));
        Assert.True(NodeEndpoint.TryParse("127.0.1.1:12222", out var server));
        var bench = new NodeBench(new MeshOptions { Self = self });
        bench.Node.AddServer(null, server);
        bench.Turn();
        var (id, remote) = Assert.Single(bench.Transport.Dials);
        Assert.Equal(server, remote);
        Assert.Empty(bench.Transport.Frames);

        bench.Node.OnConnected(id, self.WithPort(40_000), bench.Now);
        Assert.Equal("00000007047F0001022FBE", Convert.ToHexString(Assert.Single(bench.Transport.FramesOf(id))));
        bench.RunFor(bench.Node.PingInterval, () => bench.SetWall(0x000660b2c8d7cff3));
        bench.Receive(id, bench.Ping());
        bench.RunFor(bench.Node.PingInterval * 3, () => bench.SetWall(0x000660b2c8d7cff3));
        var pings = bench.Transport.FramesOf(id).Skip(1).ToList();
        Assert.Equal(4, pings.Count);
        Assert.All(pings, p => Assert.Equal("00000008000660B2C8D7CFF3", Convert.ToHexString(p)));
        Assert.Equal(
            [MeshEventKind.NewRemote, MeshEventKind.Connecting, MeshEventKind.Connected, MeshEventKind.HandshakeSent, MeshEventKind.PeerJoined],
            bench.Observer.Kinds);
    }

    [Fact]
    public void A_heartbeat_carries_the_wall_clock_and_the_list_as_the_protocol_shows_them()
    {
        Assert.True(NodeEndpoint.TryParse("127.0.1.2:12222", out var self));
        Assert.True(NodeEndpoint.TryParse("127.0.1.1:12222", out var one));
        Assert.True(NodeEndpoint.TryParse("127.0.1.3:12222", out var two));
        var bench = new NodeBench(new MeshOptions { Self = self });
        bench.Join(one);
        var id = bench.Join(two);
        bench.RunFor(bench.Node.PingInterval, () => bench.SetWall(0x000660b2c8d7cff3));
        Assert.Equal("0000000F000660B2C8D7CFF3047F0001012FBE", Convert.ToHexString(Assert.Single(bench.Transport.FramesOf(id))));
    }

    [Fact]
    public void A_caller_gets_no_hello_and_is_a_peer_from_its_first_heartbeat()
    {
        var id = _bench.Accept(Nodes.Of(1, 40_000));
        _bench.RunFor(Duration.FromMilliseconds(50));
        Assert.Empty(_bench.Transport.Frames);
        _bench.Receive(id, NodeBench.Hello(Nodes.Of(1)));
        _bench.RunFor(Duration.FromMilliseconds(50));
        Assert.Equal(0, _bench.Node.PeerCount);
        Assert.InRange(_bench.Transport.FramesOf(id).Count(), 9, 11);
        _bench.Receive(id, _bench.Ping());
        Assert.Equal([(1, Nodes.Of(1))], _bench.Node.ConnectedPeers);
        Assert.Equal([MeshEventKind.ReceivedConnection, MeshEventKind.PeerJoined], _bench.Observer.Kinds);
        Assert.Null(Assert.Single(_bench.Observer.Received).Arrival.Interval);
    }

    [Fact]
    public void Each_peer_is_told_of_every_other_once_and_of_newcomers_only_then()
    {
        var ids = Enumerable.Range(0, 300).Select(i => _bench.Join(Nodes.Of(i))).ToList();
        void Beat() => ids.ForEach(id => _bench.Receive(id, _bench.Ping()));

        _bench.RunFor(_bench.Node.PingInterval * 4, Beat);
        for (var i = 0; i < ids.Count; i++)
        {
            var pings = _bench.Transport.FramesOf(ids[i]).ToList();
            Assert.All(pings, p => Assert.InRange(p.Length, 12, 1024));
            var told = pings.SelectMany(NodeBench.ListOf).ToList();
            Assert.Equal(Enumerable.Range(0, 300).Where(n => n != i).Select(n => Nodes.Of(n)).Order(), told.Order());
            Assert.Equal(12, pings[^1].Length);
        }

        _bench.Transport.Frames.Clear();
        _bench.Join(Nodes.Of(1_000));
        _bench.RunFor(_bench.Node.PingInterval * 2, Beat);
        Assert.All(ids, id => Assert.Equal([Nodes.Of(1_000)], _bench.Transport.FramesOf(id).SelectMany(NodeBench.ListOf)));
    }

    [Fact]
    public void A_list_that_the_transport_did_not_take_is_told_with_the_next_heartbeat()
    {
        _bench.Join(Nodes.Of(1));
        var id = _bench.Join(Nodes.Of(2));
        _bench.Transport.Answer = connection => connection == id ? SendOutcome.Backpressure : SendOutcome.Sent;
        _bench.RunFor(_bench.Node.PingInterval * 3);
        Assert.Empty(_bench.Transport.FramesOf(id));
        Assert.Equal(3, _bench.Observer.Unsent.Count(u => u is { Reason: UnsentReason.Backpressure, Count: 1 }));
        _bench.Transport.Answer = _ => SendOutcome.Sent;
        _bench.RunFor(_bench.Node.PingInterval);
        Assert.Equal([Nodes.Of(1)], _bench.Transport.FramesOf(id).SelectMany(NodeBench.ListOf));
    }

    [Fact]
    public void A_stall_of_our_own_is_told_as_unsent_and_answered_with_one_heartbeat()
    {
        var id = _bench.Join(Nodes.Of(1));
        _bench.RunFor(_bench.Node.PingInterval * 2);
        _bench.Transport.Frames.Clear();
        _bench.Advance(_bench.Node.PingInterval * 10);
        _bench.Turn();
        Assert.Single(_bench.Transport.FramesOf(id));
        var (_, reason, count) = Assert.Single(_bench.Observer.Unsent);
        Assert.Equal(UnsentReason.Late, reason);
        Assert.InRange(count, 9, 10);
    }

    /// <summary>A host that needs longer for a round of sends than the interval lasts must still come to read.</summary>
    [Fact]
    public void Sends_that_take_longer_than_the_interval_end_after_one_round()
    {
        var ids = Enumerable.Range(0, 50).Select(i => _bench.Join(Nodes.Of(i))).ToList();
        for (var round = 0; round < 5; round++)
        {
            _bench.Transport.Frames.Clear();
            _bench.Node.OnWoke(_bench.Node.NextWake, _bench.Now);
            _bench.Node.Poll(_bench.Now);
            var calls = 0;
            do
            {
                _bench.Advance(Duration.FromMilliseconds(1));
                Assert.InRange(++calls, 1, 200);
            }
            while (_bench.Node.TrySendNext(_bench.Now));
            Assert.InRange(_bench.Transport.Frames.Count, round == 0 ? 1 : 45, 50);
        }

        Assert.All(ids, id => Assert.Contains(id, _bench.Transport.Open));
    }

    [Fact]
    public void An_unknown_or_closed_number_is_ignored_everywhere()
    {
        var id = _bench.Join(Nodes.Of(1));
        _bench.Node.OnClosed(id, CloseReason.Reset, _bench.Now);
        var counters = (_bench.Node.Counters.Disconnects, _bench.Node.Counters.HeartbeatsReceived, _bench.Observer.Events.Count);
        foreach (var number in new[] { id, -1, 7, int.MinValue, int.MaxValue })
        {
            _bench.Receive(number, _bench.Ping());
            _bench.Node.OnConnected(number, Nodes.Self, _bench.Now);
            _bench.Node.OnDialFailed(number, DialFailure.Refused, _bench.Now);
            _bench.Node.OnClosed(number, CloseReason.Broken, _bench.Now);
            _bench.Node.OnResolved(number, [Nodes.Of(5)], _bench.Now);
            _bench.Node.OnResolved(number, [], _bench.Now);
        }

        Assert.Equal(counters, (_bench.Node.Counters.Disconnects, _bench.Node.Counters.HeartbeatsReceived, _bench.Observer.Events.Count));
        Assert.Equal((0, 0), (_bench.Node.ConnectionCount, _bench.Node.PeerCount));
        Assert.Empty(_bench.Transport.Dials);
    }

    [Fact]
    public void A_connection_that_ends_twice_gives_its_place_back_once()
    {
        var bench = new NodeBench(new MeshOptions { Self = Nodes.Self, MaxPendingPerAddress = 2 });
        for (var i = 0; i < 20; i++)
        {
            var id = bench.Accept(Nodes.Of(1, 1_000 + i));
            Assert.True(id >= 0);
            bench.Node.OnClosed(id, CloseReason.Reset, bench.Now);
            bench.Node.OnClosed(id, CloseReason.Reset, bench.Now);
        }

        for (var i = 0; i < 20; i++)
        {
            var id = bench.Join(Nodes.Of(1));
            bench.Receive(id, 0xff, 0xff, 0xff, 0xff);
            bench.Node.OnClosed(id, CloseReason.EndOfStream, bench.Now);
        }

        Assert.True(bench.Accept(Nodes.Of(1, 1)) >= 0);
        Assert.True(bench.Accept(Nodes.Of(1, 2)) >= 0);
        Assert.Equal(-1, bench.Accept(Nodes.Of(1, 3)));
        Assert.Equal(1, bench.Node.Counters.Refused[(int)RefusalReason.TooManyPending]);
    }

    [Fact]
    public void A_name_that_answers_twice_is_called_once()
    {
        _bench.Node.AddServer("a.example", Nodes.Of(0));
        _bench.Turn();
        Assert.Equal([(1, "a.example")], _bench.Transport.Lookups);
        _bench.Node.OnResolved(1, [Nodes.Of(5, port: 0)], _bench.Now);
        _bench.Node.OnResolved(1, [Nodes.Of(6, port: 0)], _bench.Now);
        Assert.Equal([(0, Nodes.Of(5))], _bench.Transport.Dials);
    }

    [Fact]
    public void A_name_is_looked_up_again_for_each_call_and_each_of_its_addresses_gets_its_turn()
    {
        _bench.Node.AddServer("a.example", Nodes.Of(0));
        for (var i = 0; i < 4; i++)
        {
            _bench.RunFor(Duration.FromSeconds(6));
            Assert.Equal(i + 1, _bench.Transport.Lookups.Count);
            _bench.Node.OnResolved(1, [Nodes.Of(5), Nodes.Of(6)], _bench.Now);
            _bench.Node.OnDialFailed(_bench.Transport.Dials[^1].Connection, DialFailure.TimedOut, _bench.Now);
        }

        Assert.Equal([Nodes.Of(5), Nodes.Of(6), Nodes.Of(5), Nodes.Of(6)], _bench.Transport.Dials.Select(d => d.Remote));
    }

    [Fact]
    public void The_lists_of_somebody_who_claims_to_be_a_connected_peer_are_not_read()
    {
        _bench.Join(Nodes.Of(1));
        var impostor = _bench.Accept(Nodes.Of(66, 40_000));
        _bench.Receive(impostor, NodeBench.Hello(Nodes.Of(1)));
        _bench.Receive(impostor, _bench.Ping(Nodes.Higher(1), Nodes.Higher(2)));
        _bench.RunFor(Duration.FromSeconds(1));
        Assert.Empty(_bench.Transport.Dials);
        Assert.Equal(0, _bench.Node.Counters.ListsRead);
    }

    [Fact]
    public void Names_without_a_heartbeat_are_not_remembered_and_leave_no_trace()
    {
        var bench = new NodeBench(new MeshOptions { Self = Nodes.Self, MaxPeers = 10 });
        for (var i = 0; i < 100; i++)
        {
            // The second time it would have its old number, were it remembered.
            var id = bench.Accept(Nodes.Of(1, 40_000));
            bench.Receive(id, NodeBench.Hello(Nodes.Of(1)));
            bench.Node.OnClosed(id, CloseReason.Reset, bench.Now);
            bench.RunFor(Duration.FromMilliseconds(500));
        }

        bench.Join(Nodes.Of(1));
        Assert.Equal([(101, Nodes.Of(1))], bench.Node.ConnectedPeers);
        Assert.Equal((1, 0), (bench.Node.Counters.Connects, bench.Node.Counters.Disconnects));
    }

    [Fact]
    public void Ever_new_names_are_taken_in_at_a_bounded_pace_and_known_ones_come_back_meanwhile()
    {
        var known = _bench.Join(Nodes.Of(1));
        var refused = 0;
        for (var i = 0; i < 3_000; i++)
        {
            var id = _bench.Accept(Nodes.Of(100 + i, 40_000));
            _bench.Receive(id, NodeBench.Hello(Nodes.Of(100 + i)));
            refused += _bench.Transport.Open.Contains(id) ? 0 : 1;
            _bench.Node.OnClosed(id, CloseReason.Reset, _bench.Now);
        }

        Assert.Equal(3_000 - (10 * _bench.Options.NewcomersPerSecond) + 1, refused);
        Assert.Equal(refused, _bench.Node.Counters.Refused[(int)RefusalReason.TooManyPeers]);
        _bench.Node.OnClosed(known, CloseReason.Reset, _bench.Now);
        _bench.Join(Nodes.Of(1));
        Assert.Equal([(1, Nodes.Of(1))], _bench.Node.ConnectedPeers);
    }

    [Fact]
    public void One_name_can_be_claimed_only_so_often()
    {
        for (var i = 0; i < 100; i++)
        {
            var id = _bench.Accept(Nodes.Of(1, 40_000));
            _bench.Receive(id, NodeBench.Hello(Nodes.Of(1)));
            _bench.Node.OnClosed(id, CloseReason.Reset, _bench.Now);
        }

        Assert.Equal(100 - 21, _bench.Node.Counters.Refused[(int)RefusalReason.Flood]);
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_stamp_of_any_value_is_measured(long stamp)
    {
        var id = _bench.Join(Nodes.Of(1));
        _bench.Observer.Forget();
        _bench.Advance(Duration.FromMilliseconds(5));
        _bench.Receive(id, NodeBench.Ping(stamp));
        var (_, arrival) = Assert.Single(_bench.Observer.Received);
        Assert.Equal(Duration.FromMilliseconds(5), arrival.Interval);
        Assert.Equal(stamp <= 0 ? 1 : -1, Math.Sign(arrival.Delta.Nanoseconds));
        Assert.Empty(_bench.Observer.Gaps);
    }

    [Fact]
    public void A_step_of_our_wall_clock_shows_in_the_delta_only()
    {
        var id = _bench.Join(Nodes.Of(1));
        _bench.Observer.Forget();
        var stamp = _bench.Now.Wall.Microseconds;
        _bench.Advance(Duration.FromMilliseconds(5));
        _bench.WallOffset += Duration.FromSeconds(-3_600);
        _bench.Receive(id, NodeBench.Ping(stamp + 5_000));
        var (_, arrival) = Assert.Single(_bench.Observer.Received);
        Assert.Equal(Duration.FromMilliseconds(5), arrival.Interval);
        Assert.Equal(Duration.FromSeconds(-3_600), arrival.Delta);
        _bench.RunFor(Duration.FromMilliseconds(10));
        Assert.All(_bench.Observer.Sent, s => Assert.Equal(Duration.Zero, s.Slot.Lateness));
    }

    [Fact]
    public void A_gap_above_the_threshold_is_told_with_our_own_part_in_it()
    {
        var id = _bench.Join(Nodes.Of(1));
        _bench.RunFor(Duration.FromMilliseconds(5));
        _bench.Receive(id, _bench.Ping());
        var due = _bench.Mono + Duration.FromMilliseconds(10);
        _bench.Advance(Duration.FromMilliseconds(50));
        _bench.Node.OnWoke(due, _bench.Now);
        _bench.Receive(id, _bench.Ping());
        var gap = Assert.Single(_bench.Observer.Gaps);
        Assert.Equal((1, Duration.FromMilliseconds(50), Duration.FromMilliseconds(40), true), (gap.Peer, gap.Length, gap.OwnStall, gap.Ended));
    }

    [Fact]
    public void Silence_is_told_each_time_it_doubled_and_ends_the_connection_at_its_limit()
    {
        var id = _bench.Join(Nodes.Of(1));
        _bench.RunFor(Duration.FromMilliseconds(9_900));
        Assert.Equal([1.0, 2.0, 4.0, 8.0], _bench.Observer.Events.Where(e => e.Kind == MeshEventKind.Silent).Select(e => Math.Floor(e.Length.Seconds)));
        Assert.Equal(1, _bench.Node.PeerCount);
        _bench.RunFor(Duration.FromSeconds(2));
        Assert.Contains((id, true), _bench.Transport.Closed);
        var left = _bench.Observer.Events[^1];
        Assert.Equal((MeshEventKind.PeerLeft, CloseReason.Silent, 1), (left.Kind, left.Close, left.Peer));
    }

    [Fact]
    public void Leaving_closes_everything()
    {
        _bench.Node.AddServer(null, Nodes.Of(9));
        _bench.Turn();
        _bench.Join(Nodes.Of(1));
        _bench.Accept(Nodes.Of(2, 40_000));
        _bench.Node.Leave(_bench.Now);
        Assert.Empty(_bench.Transport.Open);
        Assert.Equal((0, 0), (_bench.Node.ConnectionCount, _bench.Node.PeerCount));
        Assert.Equal(CloseReason.Leaving, _bench.Observer.Events[^1].Close);
    }
}
