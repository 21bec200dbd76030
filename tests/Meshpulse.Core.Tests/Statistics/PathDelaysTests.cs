using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Statistics;

public sealed class PathDelaysTests
{
    private static readonly WallTime s_epoch = new(1_700_000_000_000_000_000);

    [Fact]
    public void No_difference_is_taken_where_nothing_speaks_against_it_and_else_the_middle()
    {
        Assert.Equal(Duration.Zero, Interval(-20, 5).Point);
        Assert.Equal(Duration.FromMilliseconds(3_000), Interval(2_990, 3_010).Point);
        Assert.Null(OffsetInterval.Unknown.Point);
        Assert.Null(Interval(1, -1).Point);
    }

    [Fact]
    public void Five_there_and_twenty_back_with_equal_clocks_are_told_as_such()
    {
        var delays = new PathDelays();
        for (var i = 0; i < 10; i++)
        {
            Assert.True(delays.Add(Exchange(i * 100, there: 5, back: 20)));
        }

        Assert.Equal((10L, 0L), (delays.Figures.RoundTrip.TotalCount, delays.Figures.Forward.TotalCount));
        var cut = delays.Cut();
        Assert.Equal((10L, 5_000_000L, 20_000_000L), (cut.Forward.TotalCount, cut.Forward.ExactMin, cut.Backward.ExactMin));
        Assert.True(cut.Bound >= Duration.FromMilliseconds(20));
        Assert.Equal(0, delays.Cut().RoundTrip.TotalCount);
    }

    [Theory]
    [InlineData(3_600_000, 0)]
    [InlineData(-250, 0)]
    [InlineData(0, 3_600_000)]
    [InlineData(0, -250)]
    public void A_step_of_either_clock_is_named_within_two_seconds_and_is_no_delay(int localStep, int remoteStep)
    {
        var delays = new PathDelays();
        for (var i = 0; i < 100; i++)
        {
            var stepped = i >= 40;
            _ = delays.Add(Exchange(i * 50, 5, 20, stepped ? localStep : 0, stepped ? remoteStep : 0));
            if (i == 80)
            {
                Assert.Equal(1, delays.Steps);
            }
        }

        var step = delays.LastStep!.Value;
        Assert.Equal(localStep != 0 ? ClockSide.Local : ClockSide.Remote, step.Side);
        Assert.Equal(remoteStep - localStep, step.OffsetChange.Milliseconds, 0);
        Assert.True(delays.Offset.Contains(Duration.FromMilliseconds(remoteStep - localStep)));
        var cut = delays.Cut();
        Assert.Equal(25_000_000, cut.RoundTrip.ExactMax);
        Assert.InRange(cut.Forward.ExactMax, 0, 25_100_000);
        Assert.InRange(cut.Backward.ExactMax, 0, 25_100_000);
    }

    [Fact]
    public void An_exchange_that_waited_across_a_step_of_our_clock_is_dropped_and_steps_nothing_back()
    {
        var delays = new PathDelays();
        for (var i = 0; i < 20; i++)
        {
            _ = delays.Add(Exchange(i * 50, 5, 20));
        }

        _ = delays.Add(Exchange(1_100, 5, 20, localStep: 60_000));
        Assert.False(delays.Add(Exchange(1_000, 5, 20)));
        _ = delays.Add(Exchange(1_150, 5, 20, localStep: 60_000));
        Assert.Equal(1, delays.Steps);
    }

    private static OffsetInterval Interval(long low, long high) => new(Duration.FromMilliseconds(low), Duration.FromMilliseconds(high));

    private static ClockExchange Exchange(long sentAt, long there, long back, long localStep = 0, long remoteStep = 0)
    {
        var (sent, arrived) = (new MonoTime(sentAt * 1_000_000), new MonoTime((sentAt + there + back) * 1_000_000));
        var t2 = Wall(sentAt + there + remoteStep);
        return new ClockExchange(Wall(sentAt + localStep), t2, t2, Wall(sentAt + there + back + localStep), sent, arrived);
    }

    private static WallTime Wall(long milliseconds) => s_epoch + Duration.FromMilliseconds(milliseconds);
}
