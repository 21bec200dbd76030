using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Statistics;

public sealed class OneWayDelaysTests
{
    [Fact]
    public void No_difference_is_taken_where_nothing_speaks_against_it_and_else_the_middle()
    {
        Assert.Equal(Duration.Zero, OneWayDelays.PointOf(Interval(-20, 5)));
        Assert.Equal(Duration.FromMilliseconds(3_000), OneWayDelays.PointOf(Interval(2_990, 3_010)));
        Assert.Null(OneWayDelays.PointOf(OffsetInterval.Unknown));
        Assert.Null(OneWayDelays.PointOf(Interval(1, -1)));
    }

    [Fact]
    public void Exchanges_are_placed_by_what_is_known_at_the_end()
    {
        var delays = new OneWayDelays();
        delays.Add(Exchange(there: 5, back: 20), OffsetInterval.Unknown);
        Assert.Equal(0, delays.Forward.TotalCount);
        delays.Settle(Interval(-20, 5));
        delays.Settle(Interval(-20, 5));
        Assert.Equal((1L, 5_000_000L, 20_000_000L), (delays.Forward.TotalCount, delays.Forward.ExactMin, delays.Backward.ExactMin));

        delays.Add(Exchange(there: 5, back: 20), Interval(-20, 5));
        delays.Forget();
        delays.Settle(Interval(-20, 5));
        Assert.Equal(1, delays.Forward.TotalCount);
    }

    private static OffsetInterval Interval(long low, long high) => new(Duration.FromMilliseconds(low), Duration.FromMilliseconds(high));

    private static ClockExchange Exchange(long there, long back)
    {
        var t2 = new WallTime(there * 1_000_000);
        return new ClockExchange(default, t2, t2, t2 + Duration.FromMilliseconds(back), default, new MonoTime((there + back) * 1_000_000));
    }
}
