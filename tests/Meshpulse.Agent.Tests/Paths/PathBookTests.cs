using Meshpulse.Agent.Export;
using Meshpulse.Agent.Hosting;
using Meshpulse.Agent.Paths;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Probing.Ping;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Tests.Paths;

/// <summary>The way from the probing thread's queue to the series.</summary>
public sealed class PathBookTests
{
    private const int MeshPath = PathOutbox.FirstMeshPath;

    private static readonly MonoTime s_start = new(5_000_000_000);
    private static readonly WallTime s_wall = new(1_700_000_000_000_000_000);
    private static readonly PathSettings s_settings = new() { Flows = 2 };

    private readonly SpscRing<Sample> _checks = new(64);
    private readonly PathOutbox _outbox;
    private readonly PathBook _book;

    public PathBookTests()
    {
        _outbox = new PathOutbox(new CheckOutbox(_checks));
        _book = new PathBook(_outbox);
    }

    [Fact]
    public void What_is_told_of_a_path_comes_to_its_series_alone()
    {
        _book.Add(1, Labels("a", "b"), s_settings, s_start);
        _book.Add(2, Labels("a", "c"), s_settings, s_start);
        _outbox.OnExchange(1, Exchange(micros: 700));
        _outbox.OnTotals(1, Totals(0) with { Sent = 5, Answered = 4, LostForward = 1 });
        _outbox.OnTotals(1, Totals(1) with { Sent = 5, Answered = 5 });
        _outbox.OnWindow(1, Moment(1));
        // Of the next second already.
        _outbox.OnExchange(1, Exchange(micros: 900));
        _outbox.OnTotals(3, Totals(0) with { Sent = 99 });
        _outbox.OnWindow(3, Moment(1));
        _book.Drain();

        var series = _book.Series[1];
        Assert.Equal((10L, 9L, 1L), (series.Counts.Sent, series.Counts.Answered, series.Counts.LostForward));
        Assert.Equal((1L, 1L), (series.Window!.Delays.RoundTrip.TotalCount, series.Window.Stamps.Exchanges));
        Assert.Equal((1L, 2L, true), (series.RoundTrip.TotalCount, series.Stamps.Exchanges, series.IsSynchronised));
        Assert.Equal([5u, 5u], series.Flows.Select(f => f.Sent));
        Assert.Equal((0L, null), (_book.Series[2].Counts.Sent, _book.Series[2].Window));

        _outbox.OnWindow(1, Moment(2));
        _book.Drain();
        Assert.Equal((2L, 10L), (series.RoundTrip.TotalCount, series.Counts.Sent));
        Assert.Equal(0, series.Window.Counts.Sent);
    }

    [Fact]
    public void Who_may_not_speak_it_counts_as_proven_from_the_first_answer_on_until_it_is_doubted()
    {
        _book.Add(1, Labels("a", "b"), s_settings with { TrialInterval = Duration.FromSeconds(60) }, s_start);
        _book.Add(2, Labels("a", "c"), s_settings, s_start);
        Assert.Equal((false, true), (_book.Series[1].IsProven, _book.Series[2].IsProven));
        _outbox.OnProven(1, speaks: true, s_start);
        _outbox.OnTotals(1, Totals(0) with { Sent = 5 });
        _outbox.OnWindow(1, Moment(1));
        _book.Drain();
        Assert.Equal((true, true), (_book.Series[1].IsProven, _book.Series[1].Window is not null));

        _outbox.OnProven(1, speaks: false, s_start);
        _book.Drain();
        // What was counted stays, what is no longer measured does not.
        Assert.Equal((false, false, 5L), (_book.Series[1].IsProven, _book.Series[1].Window is not null, _book.Series[1].Counts.Sent));
    }

    [Fact]
    public void Lines_carry_the_paths_name_and_are_told_after_the_round()
    {
        var told = new List<PathNote>();
        _book.Noted += told.Add;
        _book.Add(1, Labels("a", "b"), s_settings, s_start);
        _book.Rename(1, Labels("a", "bb"));
        _book.Rename(7, Labels("a", "nobody"));
        for (var second = 1u; second <= 2; second++)
        {
            _outbox.OnTotals(1, Totals(0) with { SourcePort = 4001, Sent = 9 * second, LostForward = 9 * second });
            _outbox.OnTotals(1, Totals(1) with { SourcePort = 4002, Sent = 9 * second, Answered = 9 * second });
            _outbox.OnWindow(1, Moment((int)second));
        }

        _book.Drain();
        Assert.Empty(told);
        _book.Tell();
        _book.Tell();
        var note = Assert.Single(told);
        Assert.Equal((1, "a -> bb", "1 of 2 flows lose everything: source port 4001"), (note.Path, note.Labels.ToString(), note.Text));
    }

    [Fact]
    public void Of_many_paths_without_sockets_each_is_told_in_a_round_of_its_own_and_their_ends_at_once()
    {
        var told = new List<PathNote>();
        _book.Noted += told.Add;
        for (var path = 1; path <= 3; path++)
        {
            _book.Add(path, Labels("a", $"b{path}"), s_settings, s_start);
        }

        for (var round = 1; round <= 4; round++)
        {
            Gap(2);
            Assert.Equal(Math.Min(3, round), told.Count);
        }

        Assert.Equal(["a -> b1", "a -> b2", "a -> b3"], told.Select(n => n.Labels.ToString()));
        Gap(0);
        Assert.Equal(6, told.Count);
        Assert.Equal("all flows have their sockets again", told[^1].Text);

        void Gap(int missing)
        {
            for (var path = 1; path <= 3; path++)
            {
                _outbox.OnSocketGap(path, new SocketGap(s_start, missing, 2, 24));
            }

            _book.Drain();
            _book.Tell();
        }
    }

    [Fact]
    public void What_our_own_queues_dropped_stands_in_the_reports_beside_the_losses()
    {
        var window = Duration.FromSeconds(2);
        _book.Add(1, Labels("a", "b"), s_settings, s_start);
        // So far is looked back from now on.
        _ = _book.FiguresOf(1, window);
        for (var second = 1u; second <= 3; second++)
        {
            _outbox.OnTotals(1, Totals(0) with { Sent = 9 * second, Answered = 7 * second, LostBackward = 2 * second, ReceiveDrops = 3 * second });
            _outbox.OnTotals(1, Totals(1) with { ReceiveDrops = 1 });
            _outbox.OnWindow(1, Moment((int)second));
        }

        _book.Drain();
        var recent = _book.FiguresOf(1, window)!.Recent;
        Assert.Equal((4L, 6L), (recent.LostBackward, recent.ReceiveDrops));
        Assert.Equal(10, _book.Series[1].Counts.ReceiveDrops);
    }

    [Fact]
    public void A_path_that_is_gone_takes_its_series_along_and_what_still_comes_is_dropped()
    {
        _book.Add(1, Labels("a", "b"), s_settings, s_start);
        _outbox.OnTotals(1, Totals(0) with { Sent = 5 });
        _book.Remove(1);
        _outbox.OnWindow(1, Moment(1));
        _book.Drain();
        Assert.Empty(_book.Series);
    }

    [Fact]
    public void What_belongs_to_a_check_goes_to_the_checks_too_and_what_belongs_to_the_mesh_does_not()
    {
        foreach (var path in new[] { 7, MeshPath, MeshPath + 7 })
        {
            _outbox.OnSent(path, default);
            _outbox.OnUnsent(path, UnsentCause.Refused, 3, 101);
            _outbox.OnDecided(path, new PingDecision(PingOutcome.Answered, Duration.FromMilliseconds(1), s_start));
            _outbox.OnIcmpError(path, 111);
        }

        var seen = new List<(SampleKind Kind, int Probe)>();
        while (_checks.TryRead(out var sample))
        {
            seen.Add((sample.Kind, sample.Peer));
        }

        Assert.Equal([(SampleKind.ProbeSent, 7), (SampleKind.ProbeUnsentRefused, 7), (SampleKind.ProbeAnswered, 7), (SampleKind.ProbeIcmpError, 7)], seen);
        Assert.False(_outbox.Samples.TryRead(out _));
    }

    [Fact]
    public void A_queue_that_nobody_empties_loses_what_comes_and_counts_it()
    {
        _book.Add(1, Labels("a", "b"), s_settings, s_start);
        for (var i = 0; i < PathOutbox.Capacity + 5; i++)
        {
            _outbox.OnTotals(1, Totals(0) with { Sent = (uint)i });
        }

        Assert.Equal((16_384, 5L), (PathOutbox.Capacity, _outbox.Samples.Dropped));
        _book.Drain();
        Assert.Equal(PathOutbox.Capacity - 1u, _book.Series[1].Flows[0].Sent);
    }

    private static PathLabels Labels(string source, string target) => new(source, target, [new Label("source", source), new Label("target", target)]);

    private static FlowTotals Totals(byte flow) => default(FlowTotals) with { Flow = flow };

    private static PathMoment Moment(int second) => new(s_start + (Duration.FromSeconds(1) * second), default);

    private static PathExchange Exchange(int micros)
    {
        var trip = Duration.FromMicroseconds(micros);
        var clocks = new ClockExchange(s_wall, s_wall + (trip / 2), s_wall + (trip / 2), s_wall + trip, s_start, s_start + trip);
        return new PathExchange(0, 0, clocks, PathStamps.Send, 60, 61, null, IsSynchronised: true);
    }
}
