using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Probing.Paths;

public class PathMeterTests
{
    private static readonly MonoTime s_start = new(5_000_000_000);
    private static readonly WallTime s_wall = new(1_700_000_000_000_000_000);
    private static readonly Duration s_second = Duration.FromSeconds(1);

    private readonly PathMeter _meter = new(new PathSettings { Flows = 2, Dscp = 8, DscpSweep = [46] }, s_start);
    private int _seconds;

    [Fact]
    public void A_window_has_what_came_since_the_last_one()
    {
        _meter.Add(Totals(0) with { Sent = 100, Answered = 90, Late = 1, LostUnknown = 9, Duplicates = 3, Reordered = 4, Strays = 5, Corrupted = 6, Epochs = 1, Unsent = 7 });
        _meter.Add(Totals(1) with { Sent = 100, Answered = 100 });
        var first = Cut();
        Assert.Equal(new PathCounts(200, 7, 190, 1, 0, 0, 9, 3, 4, 6, 5, 1), first.Counts);
        Assert.Equal((s_start, s_start + s_second), (first.From, first.Until));

        _meter.Add(Totals(0) with { Sent = 110, Answered = 100, Late = 1, LostUnknown = 9, Duplicates = 3, Reordered = 4, Strays = 5, Corrupted = 6, Epochs = 1, Unsent = 7 });
        var second = Cut();
        Assert.Equal(new PathCounts(10, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0), second.Counts);
        Assert.Equal(first.Until, second.From);
        Assert.Equal((210L, 200L, 9L), (_meter.Counts.Sent, _meter.Counts.Answered, _meter.Counts.Lost));
    }

    [Fact]
    public void Losses_that_are_taken_back_or_get_a_direction_are_below_zero_for_the_path_and_zero_for_the_flow()
    {
        _meter.Add(Totals(0) with { Sent = 10, Answered = 5, LostUnknown = 5 });
        _ = Cut();
        // One was late after all, two were lost forward.
        _meter.Add(Totals(0) with { Sent = 10, Answered = 5, Late = 1, LostForward = 2, LostUnknown = 2 });
        var window = Cut();
        Assert.Equal((1L, 2L, -3L, -1L), (window.Counts.Late, window.Counts.LostForward, window.Counts.LostUnknown, window.Counts.Lost));
        Assert.Equal((1u, 2u, 0u, 0u), (window.Flows[0].Late, window.Flows[0].LostForward, window.Flows[0].LostUnknown, window.Flows[0].Sent));
        Assert.Equal(new PathCounts(10, 0, 5, 1, 2, 0, 2, 0, 0, 0, 0, 0), _meter.Counts);
    }

    [Fact]
    public void Each_flow_has_its_own_and_the_greatest_extent_is_the_paths()
    {
        _meter.Add(Totals(0) with { SourcePort = 4001, Dscp = 8, Sent = 5, ReorderingExtent = 3 });
        _meter.Add(Totals(1) with { SourcePort = 4002, Dscp = 8, Sent = 6, ReorderingExtent = 9 });
        _meter.Add(Totals(2) with { SourcePort = 4003, Dscp = 46, Sent = 7, Unsent = 1 });
        // A flow that the path does not have.
        _meter.Add(Totals(3) with { Sent = 1000 });
        _meter.Add(Exchange(0, 0, micros: 1_000));
        _meter.Add(Exchange(0, 1, micros: 3_000));
        _meter.Add(Exchange(1, 0, micros: 500));
        var window = Cut();
        Assert.Equal(
            [((ushort)4001, (byte)8, 5u, 0u, 3u), ((ushort)4002, (byte)8, 6u, 0u, 9u), ((ushort)4003, (byte)46, 7u, 1u, 0u)],
            window.Flows.Select(f => (f.SourcePort, f.Dscp, f.Sent, f.Unsent, f.ReorderingExtent)));
        Assert.Equal((18L, 9L), (window.Counts.Sent, window.ReorderingExtent));
        Assert.Equal(
            [(Micros(1_000), Micros(2_000), Micros(3_000)), (Micros(500), Micros(500), Micros(500)), (null, null, null)],
            window.Flows.Select(f => (f.Shortest, f.MeanRoundTrip, f.Longest)));
        Assert.Equal(Micros(500), window.QueueFree);

        Assert.All(Cut().Flows, f => Assert.Equal((0u, (Duration?)null), (f.Sent, f.Shortest)));
    }

    [Fact]
    public void Hop_limits_and_their_changes_are_those_of_either_direction()
    {
        _meter.Add(Exchange(0, 0) with { SenderTtl = 60, Ttl = 61 });
        _meter.Add(Exchange(1, 0) with { SenderTtl = 60, Ttl = null });
        _meter.Add(Exchange(0, 1) with { SenderTtl = 58, Ttl = 61 });
        _meter.Add(Exchange(1, 1) with { SenderTtl = 60, Ttl = 62 });
        var window = Cut();
        Assert.Equal(((byte)60, 2u), (window.ForwardHopLimit.Last!.Value, window.ForwardHopLimit.Changes));
        Assert.Equal(((byte)62, 1u), (window.BackwardHopLimit.Last!.Value, window.BackwardHopLimit.Changes));
        Assert.Equal(new PathMeter(new PathSettings(), s_start).Cut(default).ForwardHopLimit, default);
    }

    [Fact]
    public void The_code_point_seen_is_that_of_the_paths_own_flows()
    {
        _meter.Add(Totals(0) with { Dscp = 8 });
        _meter.Add(Totals(2) with { Dscp = 46 });
        _meter.Add(Exchange(2, 0) with { SeenDscp = 46 });
        Assert.Equal(((byte)8, (byte?)null), (Cut().SentDscp, Cut().SeenDscp.Last));
        _meter.Add(Exchange(0, 0) with { SeenDscp = 0 });
        _meter.Add(Exchange(0, 1) with { SeenDscp = null });
        _meter.Add(Exchange(2, 1) with { SeenDscp = 46 });
        Assert.Equal(((byte?)0, 0u), (Cut().SeenDscp.Last, Cut().SeenDscp.Changes));
    }

    [Fact]
    public void Before_its_totals_came_a_flow_of_the_sweep_is_still_none_of_the_paths_own()
    {
        var meter = new PathMeter(new PathSettings { Flows = 1, DscpSweep = [46] }, s_start);
        meter.Add(Exchange(1, 0) with { SeenDscp = 46 });
        Assert.Null(meter.Cut(new PathMoment(s_start + s_second, default)).SeenDscp.Last);
    }

    [Fact]
    public void Stamps_are_counted_by_their_kind_since_the_start_and_in_the_window()
    {
        _meter.Add(Exchange(0, 0) with { Stamps = PathStamps.Send | PathStamps.Receive });
        _meter.Add(Exchange(0, 1) with { Stamps = PathStamps.None });
        Assert.Equal(new StampCounts(2, 1, 0, 1), Cut().Stamps);
        _meter.Add(Exchange(0, 2) with { Stamps = PathStamps.Send | PathStamps.Receive | PathStamps.Reflector });
        Assert.Equal(new StampCounts(1, 1, 1, 1), Cut().Stamps);
        Assert.Equal(new StampCounts(3, 2, 1, 2), _meter.Stamps);
        Assert.Equal(default, Cut().Stamps);
    }

    [Fact]
    public void Variation_is_of_successive_packets_of_one_flow()
    {
        _meter.Add(Exchange(0, 0, micros: 1_000));
        _meter.Add(Exchange(1, 0, micros: 9_000));
        _meter.Add(Exchange(0, 1, micros: 1_500));
        // One is missing in between.
        _meter.Add(Exchange(0, 3, micros: 9_000));
        var window = Cut();
        Assert.Equal((1L, 250_000L), (window.Delays.ForwardVariation.TotalCount, window.Delays.ForwardVariation.ExactMax));
        Assert.Equal(4, window.Delays.RoundTrip.TotalCount);
    }

    [Fact]
    public void Times_that_contradict_each_other_make_no_delay_and_are_told()
    {
        var sound = Exchange(0, 0);
        Assert.True(_meter.Add(sound));
        Assert.False(_meter.Add(sound with { Sequence = 1, Clocks = sound.Clocks with { T3 = sound.Clocks.T2 - Micros(1) } }));
        var window = Cut();
        Assert.Equal((1L, 2L), (window.Delays.RoundTrip.TotalCount, window.Stamps.Exchanges));
    }

    [Fact]
    public void What_the_reflector_says_of_its_clock_is_its_last_word()
    {
        Assert.Null(_meter.IsSynchronised);
        _meter.Add(Exchange(0, 0) with { IsSynchronised = true });
        Assert.True(_meter.IsSynchronised);
        _meter.Add(Exchange(0, 1) with { IsSynchronised = false });
        Assert.False(_meter.IsSynchronised);
    }

    [Fact]
    public void What_is_known_of_sizes_goes_through()
    {
        var window = _meter.Cut(new PathMoment(s_start + s_second, new MtuFigures(1400, 1401)));
        Assert.Equal(new MtuFigures(1400, 1401), window.Mtu);
    }

    private static Duration Micros(int micros) => Duration.FromMicroseconds(micros);

    private static FlowTotals Totals(byte flow) => default(FlowTotals) with { Flow = flow };

    /// <summary>Ten milliseconds from one number to the next; half of the round trip each way.</summary>
    private static PathExchange Exchange(int flow, long sequence, int micros = 1_000)
    {
        var since = Duration.FromMilliseconds(10) * sequence;
        var (sent, t1) = (s_start + since, s_wall + since);
        var clocks = new ClockExchange(t1, t1 + Micros(micros / 2), t1 + Micros(micros / 2), t1 + Micros(micros), sent, sent + Micros(micros));
        return new PathExchange(flow, sequence, clocks, PathStamps.None, 60, 61, null, IsSynchronised: true);
    }

    private PathWindow Cut() => _meter.Cut(new PathMoment(s_start + (s_second * ++_seconds), default));
}
