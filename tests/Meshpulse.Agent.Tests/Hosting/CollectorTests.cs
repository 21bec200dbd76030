using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Hosting;

/// <summary>The collector, round by round on the test's thread and clock.</summary>
public sealed class CollectorTests : IDisposable
{
    private static readonly Duration s_ping = Duration.FromMilliseconds(5);

    private readonly ProbeOutbox _outbox = new();
    private readonly Told _told = new();
    private readonly Collector _collector;
    private MonoTime _now = new(50_000_000_000_000);

    public CollectorTests() => _collector = new Collector(_outbox, new PeerBook(_outbox, Options(), Options().Mesh!, _told, s_ping), probes: null, () => _now);

    public void Dispose() => _collector.Dispose();

    [Fact]
    public void Samples_become_the_figures_of_a_report()
    {
        Join(1);
        for (var i = 0; i < 10; i++)
        {
            Receive(1, Duration.FromMilliseconds(5), Duration.FromMilliseconds(-2));
            _outbox.OnSent(1, new SendSlot(default, Duration.Zero, 0, Duration.FromMilliseconds(5)));
        }

        Receive(1, Duration.FromMilliseconds(20), Duration.FromMilliseconds(40));
        var row = Assert.Single(Report().Peers);
        Assert.Equal((Node(1), "10.0.0.1"), (row.Node, row.Label));
        // The long interval stands for the three that it hid; a delta hides nothing.
        Assert.Equal((14, 20.0), (row.Receive.Count, row.Receive.Max));
        Assert.Equal((11, 40.0), (row.Delta.Count, row.Delta.Max));
        Assert.Equal((10, 5.0), (row.Send.Count, row.Send.Max));
        Assert.Equal(Duration.Zero, row.Silence);
    }

    [Fact]
    public void No_data_gives_no_figures_and_a_growing_silence()
    {
        Join(1);
        Receive(1, Duration.FromMilliseconds(5), Duration.Zero);
        Report();
        for (var i = 1; i <= 3; i++)
        {
            _now += Duration.FromSeconds(10);
            var row = Assert.Single(Report().Peers);
            Assert.Equal((default, default, default), (row.Receive, row.Delta, row.Send));
            Assert.Null(row.Receive.Max);
            Assert.Equal(Duration.FromSeconds(10 * i), row.Silence);
        }
    }

    [Fact]
    public void A_first_heartbeat_has_a_delta_and_no_interval()
    {
        Join(1);
        Receive(1, interval: null, Duration.FromMilliseconds(1));
        _outbox.OnSent(1, new SendSlot(default, Duration.Zero, 0, SinceLast: null));
        var row = Assert.Single(Report().Peers);
        Assert.Equal((0, 1, 0), (row.Receive.Count, row.Delta.Count, row.Send.Count));
        Series(1, s => Assert.Equal((1, 1), (s.Received, s.Sent)));
    }

    [Fact]
    public void Everything_that_is_counted_is_counted_where_it_belongs()
    {
        Join(1);
        Join(2);
        foreach (var quality in new[] { ArrivalQuality.Stamped, ArrivalQuality.Bunched, ArrivalQuality.Bunched, ArrivalQuality.Reconstructed })
        {
            _outbox.OnReceived(1, new HeartbeatArrival(s_ping, Duration.Zero, quality));
        }

        _outbox.OnSent(1, new SendSlot(default, s_ping / 2, 0, s_ping));
        _outbox.OnSent(1, new SendSlot(default, (s_ping / 2) - new Duration(1), 0, s_ping));
        _outbox.OnUnsent(1, UnsentReason.Late, 7);
        _outbox.OnUnsent(1, UnsentReason.Backpressure, 2);
        _outbox.OnReceived(99, new HeartbeatArrival(s_ping, Duration.Zero, ArrivalQuality.Stamped));
        _outbox.OnWoke(default, Duration.FromMicroseconds(60));
        _outbox.OnWoke(default, Duration.FromMicroseconds(-3));
        _collector.Collect(isLast: false);
        Series(1, s =>
        {
            Assert.Equal((1, 2, 1, 4), (s.Stamped, s.Bunched, s.Reconstructed, s.Received));
            Assert.Equal((2, 1, 7, 2), (s.Sent, s.Late, s.UnsentLate, s.UnsentBackpressure));
            Assert.Equal(1, s.Connects);
        });
        Series(2, s => Assert.Equal((0, 0), (s.Received, s.Sent)));
        Assert.Equal((2, 60), (_collector.WakeErrors.Buckets.TotalCount, (long)_collector.WakeErrors.Buckets.Sum));
    }

    [Fact]
    public void A_peer_that_left_is_in_no_report_and_its_series_vanish_after_the_retention()
    {
        Join(1);
        Join(2);
        Receive(1, s_ping, Duration.Zero);
        Report();
        Leave(1);
        Assert.Equal([Node(2)], Report().Peers.Select(p => p.Node));
        _now += Duration.FromSeconds(60);
        _collector.Collect(isLast: false);
        Series(1, s => Assert.False(s.IsConnected));
        _now += new Duration(1);
        _collector.Collect(isLast: false);
        _collector.Read((peers, _) => Assert.Equal([Node(2)], peers.Select(p => p.Node)));
    }

    [Fact]
    public void A_peer_that_comes_back_in_time_goes_on_counting()
    {
        Join(1);
        Receive(1, s_ping, Duration.Zero);
        Leave(1);
        _now += Duration.FromSeconds(59);
        _collector.Collect(isLast: false);
        Join(1);
        Receive(1, s_ping, Duration.Zero);
        _now += Duration.FromSeconds(59);
        _collector.Collect(isLast: false);
        Series(1, s => Assert.Equal((2, 2, true), (s.Received, s.Connects, s.IsConnected)));
    }

    [Fact]
    public void A_node_that_comes_back_under_a_new_number_is_not_there_twice()
    {
        Join(1);
        Receive(1, s_ping, Duration.Zero);
        Leave(1);
        _collector.Collect(isLast: false);
        Tell(MeshEventKind.PeerJoined, peer: 7, Node(1));
        Receive(7, s_ping, Duration.Zero);
        var row = Assert.Single(Report().Peers);
        Assert.Equal("10.0.0.1", row.Label);
        _collector.Read((peers, _) => Assert.Equal((2L, 2L), (Assert.Single(peers).Received, Assert.Single(peers).Connects)));
    }

    [Fact]
    public void What_the_collector_was_too_slow_for_is_counted()
    {
        Join(1);
        _collector.Collect(isLast: false);
        for (var i = 0; i < (1 << 17) + 5; i++)
        {
            Receive(1, s_ping, Duration.Zero);
        }

        for (var i = 0; i < (1 << 11) + 3; i++)
        {
            Tell(MeshEventKind.DialFailed, 0, Node(9));
        }

        // Half of the queue is kept for who comes and goes: on those the series rest.
        Join(2);
        Assert.Equal((5, 3, 0), (_outbox.Samples.Dropped, _outbox.Events.Dropped, _outbox.Gaps.Dropped));
        _collector.Collect(isLast: false);
        Series(1, s => Assert.Equal(1 << 17, s.Received));
        Series(2, s => Assert.True(s.IsConnected));
        Assert.Equal(1 << 11, _told.Events.Count(e => e.Kind == MeshEventKind.DialFailed));
    }

    [Fact]
    public void Gaps_are_told_with_the_node_and_the_latest_thousand_are_kept()
    {
        Join(1);
        for (var i = 0; i < 1_100; i++)
        {
            _outbox.OnGap(Gap(1, i, ended: i % 2 == 0));
            if (i % 500 == 0)
            {
                _collector.Collect(isLast: false);
            }
        }

        _outbox.OnGap(Gap(99, 5_000, ended: true));
        _collector.Collect(isLast: false);
        Assert.Equal(1_100, _told.Gaps.Count);
        Assert.All(_told.Gaps, g => Assert.Equal(Node(1), g.Node));
        Series(1, s => Assert.Equal(550, s.Gaps));
        _collector.Read((_, state) => Assert.Equal((1_024, 5_000), (state.Gaps.Count, state.Gaps[^1].Length.Nanoseconds)));
    }

    [Fact]
    public void Events_are_told_in_their_order()
    {
        Join(1);
        Tell(MeshEventKind.Silent, 1, Node(1));
        Leave(1);
        Join(1);
        _collector.Collect(isLast: false);
        Assert.Equal([MeshEventKind.PeerJoined, MeshEventKind.Silent, MeshEventKind.PeerLeft, MeshEventKind.PeerJoined], _told.Events.Select(e => e.Kind));
    }

    [Fact]
    public void Reports_keep_to_their_grid_and_those_that_were_missed_are_not_made_up()
    {
        Join(1);
        _collector.Collect(isLast: false);
        var first = _told.Reports.Count;
        _now += Duration.FromSeconds(35);
        _collector.Collect(isLast: false);
        _collector.Collect(isLast: false);
        Assert.Equal(first + 1, _told.Reports.Count);
        _now += Duration.FromSeconds(10);
        _collector.Collect(isLast: false);
        Assert.Equal(first + 2, _told.Reports.Count);
        _collector.Collect(isLast: true);
        Assert.True(_told.Reports[^1].IsLast);
        Assert.All(_told.Reports.SkipLast(1), r => Assert.False(r.IsLast));
    }

    /// <summary>A reader that is slow, or a listener that blocks, must find the lock free and whole figures behind it.</summary>
    [Fact]
    public async Task Series_can_be_read_while_they_are_collected()
    {
        const int Beats = 100_000;
        Join(1);
        _collector.Collect(isLast: false);
        var collecting = Task.Run(() =>
        {
            for (var i = 1; i <= Beats; i++)
            {
                Receive(1, s_ping, Duration.FromMicroseconds(i));
                if (i % 100 == 0)
                {
                    _collector.Collect(isLast: i == Beats);
                }
            }
        });

        var reads = 0;
        do
        {
            _collector.Read((peers, _) =>
            {
                var series = Assert.Single(peers);
                Assert.Equal(series.Received, series.Receive.Buckets.TotalCount);
                Assert.Equal(series.Received, series.Delta.Buckets.TotalCount);
                Assert.Equal(series.Received, series.Receive.Buckets.CumulativeCounts()[^1]);
                reads++;
            });
        }
        while (!collecting.IsCompleted);

        await collecting;
        Assert.True(reads > 0);
        Assert.Equal(0, _outbox.Samples.Dropped);
        Series(1, s => Assert.Equal((Beats, Beats), (s.Received, s.Delta.Cumulative.TotalCount)));
    }

    [Fact]
    public async Task A_listener_that_blocks_holds_up_no_scrape()
    {
        using var blocked = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        _told.WhenReported = () =>
        {
            blocked.Set();
            Assert.True(release.Wait(TimeSpan.FromSeconds(30)));
        };
        Join(1);
        var collecting = Task.Run(() => _collector.Collect(isLast: true));
        Assert.True(blocked.Wait(TimeSpan.FromSeconds(30)));
        _collector.Read((peers, _) => Assert.Single(peers));
        Assert.False(collecting.IsCompleted);
        release.Set();
        await collecting;
    }

    [Fact]
    public void It_makes_its_last_report_when_it_ends()
    {
        Join(1);
        _collector.Start();
        _collector.Dispose();
        _collector.Dispose();
        Assert.True(_told.Reports[^1].IsLast);
        Assert.Equal([Node(1)], _told.Reports[^1].Peers.Select(p => p.Node));
    }

    private static AgentOptions Options() => new() { Mesh = new MeshOptions { Self = Node(200) }, Version = "0" };

    private static NodeEndpoint Node(int number) => NodeEndpoint.FromBytes([10, 0, 0, (byte)number], 12222);

    private static ReceiveGap Gap(int peer, long length, bool ended) =>
        new(peer, default, default, new Duration(length), default, null, ArrivalQuality.Stamped, ended);

    private void Join(int peer) => Tell(MeshEventKind.PeerJoined, peer, Node(peer));

    private void Leave(int peer) => Tell(MeshEventKind.PeerLeft, peer, Node(peer));

    private void Tell(MeshEventKind kind, int peer, NodeEndpoint node) => _outbox.OnEvent(new MeshEvent(kind, default, peer, node));

    private void Receive(int peer, Duration? interval, Duration delta) =>
        _outbox.OnReceived(peer, new HeartbeatArrival(interval, delta, ArrivalQuality.Stamped));

    private WindowReport Report()
    {
        _collector.Collect(isLast: true);
        return _told.Reports[^1];
    }

    private void Series(int peer, Action<PeerSeries> check) =>
        _collector.Read((peers, _) => check(Assert.Single(peers, p => p.Node == Node(peer))));

    private sealed class Told : IAgentListener
    {
        public List<MeshEvent> Events { get; } = [];

        public List<(NodeEndpoint Node, ReceiveGap Gap)> Gaps { get; } = [];

        public List<WindowReport> Reports { get; } = [];

        public Action? WhenReported { get; set; }

        public void OnEvent(MeshEvent happened) => Events.Add(happened);

        public void OnGap(NodeEndpoint node, ReceiveGap gap) => Gaps.Add((node, gap));

        public void OnReport(WindowReport report)
        {
            Reports.Add(report);
            WhenReported?.Invoke();
        }

        public void OnVerdict(WallTime at, Meshpulse.Core.Diagnosis.VerdictChange change)
        {
        }

        public void OnNote(WallTime at, string text)
        {
        }
    }
}
