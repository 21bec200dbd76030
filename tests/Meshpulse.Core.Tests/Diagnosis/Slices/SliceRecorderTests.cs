using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Tests.Diagnosis.Slices;

public class SliceRecorderTests
{
    private static readonly NodeEndpoint s_web = NodeEndpoint.FromBytes([192, 0, 2, 7], 12222);
    private static readonly PathSettings s_path = new() { Flows = 2, Window = PathSettings.WindowStep };

    private readonly SliceRecorder _recorder = new("here", 42, node => node == s_web ? "web" : node.ToString(), At(0)) { Datacenter = "d1" };

    [Fact]
    public void A_slice_says_whose_it_is_and_what_was_told_since_the_last()
    {
        Join();
        Beat(50, 240);
        _recorder.OnSent(1, default);
        _recorder.OnUnsent(1, UnsentReason.Late, 3);
        var first = _recorder.Cut(At(250));
        Assert.Equal(("here", 42ul, 1L, "d1"), (first.Node, first.Run, first.Number, first.Datacenter));
        Assert.Equal((Mono(0), Mono(250)), (first.From, first.At.Mono));
        var web = Assert.Single(first.Peers);
        Assert.Equal(("web", true, 2L, 1L, 3L), (web.Peer, web.IsConnected, web.Received, web.Sent, web.Unsent));
        var second = _recorder.Cut(At(500));
        Assert.Equal((2L, Mono(250)), (second.Number, second.From));
        Assert.Equal((0L, 0L, 0L), (second.Peers[0].Received, second.Peers[0].Sent, second.Peers[0].Unsent));
    }

    [Fact]
    public void Silence_is_counted_to_the_look_of_which_all_is_told()
    {
        Join();
        Beat(100);
        _recorder.OnWoke(Mono(101), Duration.Zero);
        _recorder.OnWoke(Mono(200), Duration.Zero);
        _recorder.OnWoke(Mono(240), Duration.Zero);
        // What the look at 240 found may not have been told yet.
        Assert.Equal(100, Silence(At(250)));
    }

    [Fact]
    public void While_our_own_thread_stands_still_nobody_is_silent()
    {
        Join();
        _recorder.OnWoke(Mono(95), Duration.Zero);
        Beat(100);
        _recorder.OnWoke(Mono(101), Duration.Zero);
        Assert.Equal(0, Silence(At(2_000)));
        // It wakes; what waited is read and told after that.
        _recorder.OnWoke(Mono(2_010), Duration.FromMilliseconds(1_900));
        Assert.Equal(1, Silence(At(2_011)));
        Beat(2_005);
        _recorder.OnWoke(Mono(2_012), Duration.Zero);
        Assert.Equal(5, Silence(At(2_013)));
    }

    [Fact]
    public void Lateness_is_told_also_while_it_lasts()
    {
        _recorder.OnWoke(Mono(100), Duration.FromMilliseconds(7));
        Assert.Equal(7, _recorder.Cut(At(120)).WakeLateness.Milliseconds);
        Assert.InRange(_recorder.Cut(At(1_000)).WakeLateness.Milliseconds, 800, 900);
        _recorder.OnWoke(Mono(1_001), Duration.FromMilliseconds(899));
        Assert.Equal(899, _recorder.Cut(At(1_010)).WakeLateness.Milliseconds);
        Assert.InRange(_recorder.Cut(At(1_020)).WakeLateness.Milliseconds, -100, 0);
    }

    [Fact]
    public void A_gap_that_lasts_stays_in_every_slice_and_grows_until_a_heartbeat_ends_it()
    {
        Join();
        Beat(100);
        _recorder.OnGap(Gap(100, 1_000, ended: false));
        for (var now = 1_250; now <= 2_000; now += 250)
        {
            _recorder.OnWoke(Mono(now - 1), Duration.Zero);
            _recorder.OnWoke(Mono(now), Duration.Zero);
            var gap = Assert.Single(_recorder.Cut(At(now)).Peers[0].Gaps);
            Assert.Equal((Mono(100), now - 101, false), (gap.From, gap.Length.Milliseconds, gap.HasEnded));
        }

        // By another connection: nobody tells the gap's end.
        Beat(2_100);
        var ended = Assert.Single(_recorder.Cut(At(2_250)).Peers[0].Gaps);
        Assert.Equal((2_000, true), (ended.Length.Milliseconds, ended.HasEnded));
        Assert.Empty(_recorder.Cut(At(2_500)).Peers[0].Gaps);
    }

    [Fact]
    public void The_end_that_is_told_takes_the_place_of_the_one_that_was_concluded()
    {
        Join();
        Beat(100);
        _recorder.OnGap(Gap(100, 1_000, ended: false));
        Beat(1_500);
        _recorder.OnGap(Gap(100, 1_400, ended: true));
        var gap = Assert.Single(_recorder.Cut(At(1_600)).Peers[0].Gaps);
        Assert.Equal((1_400, true), (gap.Length.Milliseconds, gap.HasEnded));
    }

    [Fact]
    public void Our_own_stall_is_noted_in_the_gap_that_it_lies_in()
    {
        Join();
        Beat(100);
        _recorder.OnGap(Gap(100, 1_000, ended: false));
        _recorder.OnWoke(Mono(1_900), Duration.FromMilliseconds(700));
        Assert.Equal(700, _recorder.Cut(At(1_901)).Peers[0].Gaps[0].OwnStall.Milliseconds);
    }

    [Fact]
    public void Of_many_gaps_the_longest_sixteen_are_kept()
    {
        Join();
        for (var i = 0; i < 40; i++)
        {
            _recorder.OnGap(Gap(100 * i, 20 + i, ended: true));
        }

        var gaps = _recorder.Cut(At(5_000)).Peers[0].Gaps;
        Assert.Equal(Enumerable.Range(24, 16).Select(i => 20.0 + i), gaps.Select(g => g.Length.Milliseconds));
    }

    [Fact]
    public void Why_a_peer_left_and_a_call_failed_is_told_once_and_it_stays_known()
    {
        Join();
        Tell(new MeshEvent(MeshEventKind.PeerLeft, default, 1, s_web) { Close = CloseReason.Reset });
        Tell(new MeshEvent(MeshEventKind.DialFailed, default, 0, s_web) { Failure = DialFailure.Refused });
        var web = Assert.Single(_recorder.Cut(At(250)).Peers);
        Assert.Equal((false, CloseReason.Reset, DialFailure.Refused), (web.IsConnected, web.Ended, web.CallFailed));
        web = Assert.Single(_recorder.Cut(At(500)).Peers);
        Assert.Equal((false, null, null), (web.IsConnected, web.Ended, web.CallFailed));
        // The mesh gives it a new number.
        Join(peer: 2);
        Assert.True(Assert.Single(_recorder.Cut(At(750)).Peers).IsConnected);
    }

    [Fact]
    public void Nothing_is_told_of_a_number_without_a_name_but_its_first_heartbeat_counts()
    {
        Beat(10);
        Assert.Empty(_recorder.Cut(At(20)).Peers);
        Beat(30);
        Join();
        Assert.Equal(1, _recorder.Cut(At(250)).Peers[0].Received);
    }

    [Fact]
    public void Who_left_long_ago_is_forgotten()
    {
        Join();
        Tell(new MeshEvent(MeshEventKind.PeerLeft, default, 1, s_web));
        _recorder.OnWoke(Mono(599_000), Duration.Zero);
        _recorder.OnWoke(Mono(599_001), Duration.Zero);
        Assert.Single(_recorder.Cut(At(599_002)).Peers);
        _recorder.OnWoke(Mono(601_000), Duration.Zero);
        _recorder.OnWoke(Mono(601_001), Duration.Zero);
        Assert.Empty(_recorder.Cut(At(601_002)).Peers);
    }

    [Fact]
    public void Windows_of_the_path_are_made_small_and_two_in_a_slice_are_added()
    {
        Join();
        Assert.Null(_recorder.Cut(At(100)).Peers[0].Path);
        var meter = new PathMeter(s_path, Mono(0));
        Window(meter, 250, sent: 10, answered: 8, roundTrip: 2, silentSince: 180);
        var one = _recorder.Cut(At(260)).Peers[0].Path!;
        Assert.Equal((10L, 8L, 1L, 70.0), (one.Counts.Sent, one.Counts.Answered, one.RoundTrip!.Value.Count, one.Silence.Milliseconds));
        Assert.Equal(2, one.RoundTrip.Value.Max.Milliseconds);

        Window(meter, 500, sent: 20, answered: 18, roundTrip: 3, silentSince: null);
        Window(meter, 750, sent: 30, answered: 28, roundTrip: 9, silentSince: null);
        var two = _recorder.Cut(At(760)).Peers[0].Path!;
        Assert.Equal((20L, 20L, 2L, 0.0), (two.Counts.Sent, two.Counts.Answered, two.RoundTrip!.Value.Count, two.Silence.Milliseconds));
        Assert.Equal((3.0, 9.0), (two.RoundTrip.Value.Min.Milliseconds, two.RoundTrip.Value.Max.Milliseconds));
        Assert.Equal([20L, 0L], two.Flows.Select(f => f.Sent));

        // No window ended: nothing new, and no old figures either.
        var none = _recorder.Cut(At(900)).Peers[0].Path!;
        Assert.Equal((default, null), (none.Counts, none.RoundTrip));
        _recorder.OnPathGone(1);
        Assert.Null(_recorder.Cut(At(1_000)).Peers[0].Path);
    }

    [Fact]
    public void Leaving_maintenance_and_the_hosts_last_window_are_told()
    {
        Assert.Equal((false, false, null), Flags(_recorder.Cut(At(1))));
        (_recorder.IsLeaving, _recorder.IsInMaintenance) = (true, true);
        var window = new Meshpulse.Core.Vitals.HostWindow(Mono(0), Mono(1));
        _recorder.OnHost(window);
        Assert.Equal((true, true, window), Flags(_recorder.Cut(At(2))));
        Assert.Same(window, _recorder.Cut(At(3)).Host);

        static (bool, bool, Meshpulse.Core.Vitals.HostWindow?) Flags(NodeSlice slice) => (slice.IsLeaving, slice.IsInMaintenance, slice.Host);
    }

    [Fact]
    public void What_a_peer_told_us_of_its_leaving_is_passed_on_until_it_is_connected_again()
    {
        PeerNotice? told = null;
        var recorder = new SliceRecorder("here", 42, _ => "web", At(0)) { NoticeOf = name => name == "web" ? told : null };
        recorder.OnEvent(new MeshEvent(MeshEventKind.PeerJoined, default, 1, s_web));
        Assert.Null(Cut(250));
        told = PeerNotice.Leaving;
        Assert.Null(Cut(500));
        recorder.OnEvent(new MeshEvent(MeshEventKind.PeerLeft, default, 1, s_web) { Close = CloseReason.EndOfStream });
        Assert.Equal(PeerNotice.Leaving, Cut(750));
        Assert.Equal(PeerNotice.Leaving, Cut(1_000));
        recorder.OnEvent(new MeshEvent(MeshEventKind.PeerJoined, default, 2, s_web));
        Assert.Null(Cut(1_250));

        PeerNotice? Cut(long at) => Assert.Single(recorder.Cut(At(at)).Peers).Notice;
    }

    private static MonoTime Mono(long milliseconds) => new(1_000_000_000 + (milliseconds * 1_000_000));

    private static ClockPairing At(long milliseconds) => new(Mono(milliseconds), new WallTime(Mono(milliseconds).Nanoseconds) + Duration.FromSeconds(1_700_000_000));

    private static ReceiveGap Gap(long start, long length, bool ended) => new(
        1, Mono(start), default, Duration.FromMilliseconds(length), Duration.Zero, null, ArrivalQuality.Stamped, ended);

    private void Join(int peer = 1) => Tell(new MeshEvent(MeshEventKind.PeerJoined, default, peer, s_web));

    private void Tell(MeshEvent happened) => _recorder.OnEvent(happened);

    private void Beat(params ReadOnlySpan<long> times)
    {
        foreach (var time in times)
        {
            _recorder.OnReceived(1, new HeartbeatArrival(null, Duration.Zero, ArrivalQuality.Stamped) { At = Mono(time) });
        }
    }

    private double Silence(ClockPairing now) => _recorder.Cut(now).Peers[0].Silence.Milliseconds;

    private void Window(PathMeter meter, long until, uint sent, uint answered, long roundTrip, long? silentSince)
    {
        meter.Add(default(FlowTotals) with { SourcePort = 40_001, Sent = sent, Answered = answered });
        var (t1, there) = (At(until - 50), Duration.FromMilliseconds(roundTrip) / 2);
        var t2 = t1.Wall + there;
        _ = meter.Add(new PathExchange(0, sent, new ClockExchange(t1.Wall, t2, t2, t2 + there, t1.Mono, t1.Mono + (there * 2)), PathStamps.None, 60, 60, 0, true));
        var moment = new PathMoment(Mono(until), default) { SilentSince = silentSince is { } since ? Mono(since) : null };
        _recorder.OnPath(1, meter.Cut(moment), moment, s_path, null);
    }
}
