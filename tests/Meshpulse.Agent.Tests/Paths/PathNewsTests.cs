using Meshpulse.Agent.Paths;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Tests.Paths;

public sealed class PathNewsTests
{
    private static readonly MonoTime s_start = new(5_000_000_000);
    private static readonly WallTime s_wall = new(1_700_000_000_000_000_000);
    private static readonly Duration s_second = Duration.FromSeconds(1);

    private readonly FlowTotals[] _totals = [.. Enumerable.Range(0, 16).Select(i => default(FlowTotals) with { Flow = (byte)i, SourcePort = (ushort)(40_001 + i) })];
    private PathSeries _series = SeriesOf(Duration.FromMilliseconds(25));
    private int _seconds;
    private long _exchanges;

    [Fact]
    public void Flows_that_lose_everything_are_named_once_and_so_is_the_end()
    {
        Assert.Empty(Second());
        // Fewer than four may be chance.
        Assert.Empty(Second(dead: [3, 11]));
        Assert.Equal(["2 of 16 flows lose everything: source port 40004, 40012"], Second(dead: [3, 11]));
        for (var i = 0; i < 30; i++)
        {
            Assert.Empty(Second(dead: [3, 11]));
        }

        Assert.Empty(Second());
        Assert.Equal(["all flows get through again"], Second());
        Assert.Empty(Second());
    }

    [Fact]
    public void A_change_within_ten_seconds_is_told_after_them_as_it_is_then()
    {
        Assert.Empty(Second(dead: [3]));
        Assert.Equal(["1 of 16 flows lose everything: source port 40004"], Second(dead: [3]));
        for (var i = 1; i < 10; i++)
        {
            Assert.Empty(i < 5 ? Second() : Second(dead: [5]));
        }

        Assert.Equal(["1 of 16 flows lose everything: source port 40006"], Second(dead: [5]));
    }

    [Fact]
    public void Of_many_ports_the_first_eight_are_named()
    {
        int[] dead = [.. Enumerable.Range(1, 15)];
        _ = Second();
        _ = Second(dead: dead);
        Assert.Equal(
            ["15 of 16 flows lose everything: source port 40002, 40003, 40004, 40005, 40006, 40007, 40008, 40009, ..."], Second(dead: dead));
    }

    [Fact]
    public void A_path_that_loses_everything_is_no_matter_of_flows_neither_when_it_begins_nor_when_it_ends()
    {
        Assert.Empty(Second());
        // Some flows have lost more than others already.
        Assert.Empty(Second(dead: [0, 1, 2, 3, 4, 5], silent: true));
        Assert.Empty(Second(dead: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], silent: true));
        for (var i = 0; i < 30; i++)
        {
            Assert.Empty(Second(dead: [.. Enumerable.Range(0, 16)]));
        }

        // Some of them come back a second later than the others.
        Assert.Empty(Second(dead: [1, 2]));
        Assert.Empty(Second());
    }

    [Fact]
    public void Flows_that_were_dead_before_the_whole_path_was_are_told_of_when_they_come_back()
    {
        _ = Second(dead: [3]);
        Assert.Single(Second(dead: [3]));
        for (var i = 0; i < 15; i++)
        {
            Assert.Empty(Second(dead: [.. Enumerable.Range(0, 16)]));
        }

        Assert.Empty(Second());
        Assert.Equal(["all flows get through again"], Second());
    }

    [Fact]
    public void On_a_slow_path_seconds_in_which_only_a_dead_flow_had_its_turn_do_not_hide_it()
    {
        var told = new List<string>();
        _series = SeriesOf(s_second);
        // One probe a second: each flow has its turn every sixteen.
        for (var i = 0; i < 200; i++)
        {
            told.AddRange(Turn(i % 16, isLost: i % 16 == 3));
        }

        Assert.Equal(["1 of 16 flows lose everything: source port 40004"], told);
    }

    [Fact]
    public void Losses_here_and_there_are_no_dead_flow()
    {
        for (var i = 0; i < 60; i++)
        {
            _totals[i % 16] = _totals[i % 16] with { LostForward = _totals[i % 16].LostForward + 3 };
            Assert.Empty(Second());
        }
    }

    [Theory]
    [InlineData(3600_000_000_000, "the clock of db1 stepped by +3600.000 s; no delay is made of that")]
    [InlineData(-1_500_000_000, "the clock of db1 stepped by -1.500 s; no delay is made of that")]
    public void A_step_of_the_others_clock_is_told_once(long step, string expected)
    {
        Exchange(30);
        Assert.Empty(Second());
        Exchange(30, remote: new Duration(step));
        Assert.Equal([expected], Second());
        Exchange(30, remote: new Duration(step));
        Assert.Empty(Second());
    }

    [Theory]
    [InlineData(1_500_000_000, "this host's clock stepped by +1.500 s; no delay is made of that")]
    [InlineData(-20_000_000, "this host's clock stepped by -0.020 s; no delay is made of that")]
    public void A_step_of_our_own_clock_is_told_as_such(long step, string expected)
    {
        Exchange(30);
        Assert.Empty(Second());
        Exchange(30, local: new Duration(step));
        Assert.Equal([expected], Second());
        Assert.Empty(Second());
    }

    [Fact]
    public void Sizes_that_do_not_pass_are_told_when_they_are_known_to_the_byte_and_when_they_pass_again()
    {
        Assert.Empty(Second(mtu: new MtuFigures(100, null)));
        Assert.Empty(Second(mtu: new MtuFigures(1400, 1500)));
        Assert.Equal(["packets of up to 1420 bytes pass, larger ones do not"], Second(mtu: new MtuFigures(1420, 1421)));
        for (var i = 0; i < 20; i++)
        {
            Assert.Empty(Second(mtu: new MtuFigures(1420, 1421)));
        }

        Assert.Equal(["packets of 9000 bytes pass again"], Second(mtu: new MtuFigures(9000, null)));
        Assert.Empty(Second(mtu: new MtuFigures(9000, null)));
        Assert.Empty(Second(mtu: default));
    }

    [Fact]
    public void Missing_sockets_are_told_once_with_their_reason_and_so_is_the_end_and_the_next_time_waits()
    {
        Assert.Null(Gap(1, 0));
        Assert.Equal("8 of 16 flows have no socket (Cannot assign requested address): their probes count as unsent, not as lost, and it is tried again", Gap(2, 8));
        Assert.Null(Gap(3, 8));
        Assert.Null(Gap(4, 2));
        Assert.Equal("all flows have their sockets again", Gap(5, 0));
        Assert.Null(Gap(6, 0));
        Assert.Null(Gap(7, 1));
        Assert.Null(Gap(14, 1));
        Assert.StartsWith("1 of 16 flows", Gap(15, 1), StringComparison.Ordinal);

        string? Gap(int second, int missing) => _series.News.Of(new SocketGap(s_start + (s_second * second), missing, 16, missing == 0 ? 0 : 99));
    }

    private static PathSeries SeriesOf(Duration interval) =>
        new(new PathLabels("web1", "db1", []), new PathSettings { Flows = 16, Interval = interval }, isProven: true, s_start);

    /// <summary>A second in which each flow sends three, which all come back but those of the dead ones.</summary>
    private List<string> Second(int[]? dead = null, bool silent = false, MtuFigures mtu = default)
    {
        for (var i = 0; i < _totals.Length; i++)
        {
            var isDead = dead?.Contains(i) == true;
            _totals[i] = _totals[i] with
            {
                Sent = _totals[i].Sent + 3,
                LostUnknown = _totals[i].LostUnknown + (isDead ? 3u : 0),
                Answered = _totals[i].Answered + (isDead || silent ? 0u : 3),
            };
        }

        return Cut(mtu);
    }

    private List<string> Turn(int flow, bool isLost)
    {
        var totals = _totals[flow];
        _totals[flow] = totals with { Sent = totals.Sent + 1, LostForward = totals.LostForward + (isLost ? 1u : 0), Answered = totals.Answered + (isLost ? 0u : 1) };
        return Cut(default);
    }

    private List<string> Cut(MtuFigures mtu)
    {
        foreach (var totals in _totals)
        {
            _series.Take(new PathSample(PathSampleKind.Totals, 1) { Totals = totals });
        }

        _series.Take(new PathSample(PathSampleKind.Window, 1) { Moment = new PathMoment(s_start + (s_second * ++_seconds), mtu) });
        return [.. _series.News.Of(_series, _series.Window!)];
    }

    /// <summary>Exchanges 10 ms apart, 1 ms there and 1 ms back.</summary>
    private void Exchange(int count, Duration remote = default, Duration local = default)
    {
        for (var i = 0; i < count; i++)
        {
            var since = Duration.FromMilliseconds(10) * _exchanges++;
            var (sent, t1, there) = (s_start + since, s_wall + since + local, s_wall + since + Duration.FromMilliseconds(1) + remote);
            var clocks = new ClockExchange(t1, there, there, t1 + Duration.FromMilliseconds(2), sent, sent + Duration.FromMilliseconds(2));
            _series.Take(new PathSample(PathSampleKind.Exchange, 1) { Exchange = new PathExchange(0, _exchanges, clocks, PathStamps.None, 60, 61, null, false) });
        }
    }
}
