using System.Runtime.CompilerServices;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Statistics;

public class DelayFiguresTests
{
    private static readonly WallTime s_t1 = new(1_700_000_000_000_000_000);

    [Fact]
    public void A_flow_costs_at_most_a_hundred_bytes() => Assert.InRange(Unsafe.SizeOf<FlowCounters>(), 1, 100);

    [Fact]
    public void The_round_trip_is_without_the_reflectors_own_time_and_the_directions_carry_their_bound()
    {
        // 3 ms there, 5 ms at the reflector, 2 ms back, its clock 100 ms ahead.
        var exchange = new ClockExchange(s_t1, s_t1 + Ms(103), s_t1 + Ms(108), s_t1 + Ms(10), default, new MonoTime(10_000_000));
        Assert.True(exchange.IsConsistent);
        var figures = new DelayFigures();
        figures.AddRoundTrip(exchange.RoundTrip);
        figures.AddOneWay(exchange, OffsetInterval.Unknown);
        Assert.Equal((1L, 0L, 0L), (figures.RoundTrip.TotalCount, figures.Forward.TotalCount, figures.Backward.TotalCount));
        figures.AddOneWay(exchange, new OffsetInterval(Ms(99), Ms(101)));
        Assert.Equal((5_000_000L, 3_000_000L, 2_000_000L), (figures.RoundTrip.ExactMax, figures.Forward.ExactMax, figures.Backward.ExactMax));
        Assert.Equal((Ms(1), Ms(5)), (figures.Bound, figures.Shortest!.Value));

        var copy = figures.Clone();
        figures.Reset();
        Assert.Equal((0L, 1L), (figures.Forward.TotalCount, copy.Forward.TotalCount));
        Assert.Null(figures.Shortest);
        figures.Add(copy);
        figures.Add(copy);
        Assert.Equal((2L, Ms(5), Ms(1)), (figures.RoundTrip.TotalCount, figures.Shortest!.Value, figures.Bound));
    }

    [Fact]
    public void A_delay_is_never_below_zero_however_wide_the_offset()
    {
        var bound = new OffsetInterval(Ms(-10), Ms(10)).Forward(Ms(3));
        Assert.Equal(new DelayBound(Duration.Zero, Ms(13)), bound);
        Assert.Equal(new DelayBound(Ms(1), Ms(3)), new OffsetInterval(Ms(99), Ms(101)).Backward(Ms(-98)));
    }

    [Fact]
    public void Variation_is_told_for_successive_numbers_only()
    {
        var variation = default(DelayVariation);
        Assert.False(variation.TryNext(0, Ms(5), Ms(5), out _, out _));
        Assert.True(variation.TryNext(1, Ms(7), Ms(4), out var there, out var back));
        Assert.Equal((Ms(2), Ms(-1)), (there, back));
        Assert.False(variation.TryNext(3, Ms(7), Ms(4), out _, out _));
        Assert.False(variation.TryNext(2, Ms(7), Ms(4), out _, out _));
        Assert.True(variation.TryNext(3, Ms(7), Ms(4), out _, out _));
        variation.Break();
        Assert.False(variation.TryNext(4, Ms(7), Ms(4), out _, out _));
    }

    [Fact]
    public void The_queue_free_minimum_lasts_ten_minutes()
    {
        var minimum = new QueueFreeMinimum();
        Assert.Null(minimum.Read(At(0)));
        minimum.Add(At(0), Ms(3));
        minimum.Add(At(100), Ms(9));
        Assert.Equal(Ms(3), minimum.Read(At(500)));
        Assert.Equal(Ms(9), minimum.Read(At(660)));
        Assert.Null(minimum.Read(At(800)));
    }

    [Fact]
    public void A_flow_keeps_its_extremes_and_a_field_its_changes()
    {
        var flow = new FlowCounters();
        Assert.Null(flow.MeanRoundTrip);
        flow.AddRoundTrip(Ms(4));
        flow.AddRoundTrip(Ms(2));
        Assert.Equal((Ms(3), Ms(2), Ms(4)), (flow.MeanRoundTrip, flow.Shortest, flow.Longest));

        var field = new SeenField();
        Assert.Null(field.Last);
        field.See(null);
        field.See(0);
        field.See(0);
        field.See(null);
        field.See(63);
        field.See(0);
        Assert.Equal(((byte?)0, 2u), (field.Last, field.Changes));
    }

    [Fact]
    public void Counts_add_up_and_take_apart()
    {
        var a = new PathCounts(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        Assert.Equal(new PathCounts(2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24), a.Plus(a));
        Assert.Equal(a, a.Plus(a).Since(a));
        Assert.Equal(18, a.Lost);
    }

    private static Duration Ms(long value) => Duration.FromMilliseconds(value);

    private static MonoTime At(long seconds) => new(seconds * 1_000_000_000);
}
