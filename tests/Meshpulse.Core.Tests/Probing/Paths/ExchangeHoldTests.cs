using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Probing.Paths;

public class ExchangeHoldTests
{
    private static readonly MonoTime s_start = new(5_000_000_000);
    private static readonly WallTime s_wall = new(1_700_000_000_000_000_000);

    private readonly ExchangeHold _hold = new();

    [Fact]
    public void Without_Follow_Up_nothing_waits()
    {
        for (uint i = 0; i < 3; i++)
        {
            Assert.True(_hold.TryExchange(Exchange(i), Reading(i), out var ready));
            Assert.Equal(Exchange(i), ready);
        }

        Assert.False(_hold.TryRelease(MonoTime.Never, out _));
    }

    [Fact]
    public void With_it_each_waits_for_the_next_which_tells_when_it_left()
    {
        Assert.False(_hold.TryExchange(Exchange(0), Reading(0, followUp: 77, t3: T3Of(0)), out _));
        Assert.True(_hold.TryExchange(Exchange(1), Reading(1, followUp: 0, t3: T3Of(0) + Micros(30)), out var ready));
        Assert.Equal((0L, T3Of(0) + Micros(30), PathStamps.Receive | PathStamps.Reflector), (ready.Sequence, ready.Clocks.T3, ready.Stamps));
        Assert.True(_hold.TryExchange(Exchange(2), Reading(2, followUp: 1, t3: T3Of(1) + Micros(40)), out ready));
        Assert.Equal((1L, T3Of(1) + Micros(40)), (ready.Sequence, ready.Clocks.T3));
    }

    [Fact]
    public void Of_another_reply_or_without_a_time_it_says_nothing_of_this_one()
    {
        _ = _hold.TryExchange(Exchange(0), Reading(0, followUp: 77, t3: T3Of(0)), out _);
        Assert.True(_hold.TryExchange(Exchange(1), Reading(1, followUp: 5, t3: T3Of(0) + Micros(30)), out var ready));
        Assert.Equal(Exchange(0), ready);
        Assert.True(_hold.TryExchange(Exchange(2), Reading(2), out ready));
        Assert.Equal(Exchange(1), ready);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(60_000_000)]
    public void A_time_that_can_not_be_right_is_not_believed(int micros)
    {
        _ = _hold.TryExchange(Exchange(0), Reading(0, followUp: 77, t3: T3Of(0)), out _);
        Assert.True(_hold.TryExchange(Exchange(1), Reading(1, followUp: 0, t3: T3Of(0) + Micros(micros)), out var ready));
        Assert.Equal(Exchange(0), ready);
    }

    [Fact]
    public void It_waits_for_a_second_and_is_given_once()
    {
        _ = _hold.TryExchange(Exchange(0), Reading(0, followUp: 77, t3: T3Of(0)), out _);
        var arrived = Exchange(0).Clocks.Arrived;
        Assert.False(_hold.TryRelease(arrived + Duration.FromSeconds(1) - new Duration(1), out _));
        Assert.True(_hold.TryRelease(arrived + Duration.FromSeconds(1), out var ready));
        Assert.Equal(Exchange(0), ready);
        Assert.False(_hold.TryRelease(MonoTime.Never, out _));

        // The next one finds nobody waiting, and waits itself.
        Assert.False(_hold.TryExchange(Exchange(1), Reading(1, followUp: 0, t3: T3Of(0) + Micros(30)), out _));
        Assert.True(_hold.TryRelease(MonoTime.Never, out ready));
        Assert.Equal(Exchange(1), ready);
    }

    [Fact]
    public void A_reply_without_an_exchange_of_its_own_tells_too()
    {
        Assert.False(_hold.TryExchange(Exchange(0), Reading(0, followUp: 77, t3: T3Of(0)), out _));
        _hold.Note(Reading(1, followUp: 0, t3: T3Of(0) + Micros(30)));
        _hold.Note(Reading(2, followUp: 1, t3: T3Of(1)));
        Assert.True(_hold.TryExchange(Exchange(3), Reading(3, followUp: 2, t3: T3Of(2)), out var ready));
        Assert.Equal((0L, T3Of(0) + Micros(30), PathStamps.Receive | PathStamps.Reflector), (ready.Sequence, ready.Clocks.T3, ready.Stamps));
    }

    [Fact]
    public void Such_a_reply_alone_makes_the_first_exchange_wait_and_nothing_else()
    {
        _hold.Note(Reading(0, followUp: 77, t3: T3Of(0)));
        Assert.False(_hold.TryRelease(MonoTime.Never, out _));
        Assert.False(_hold.TryExchange(Exchange(1), Reading(1), out _));
        _hold.Note(Reading(2));
        Assert.True(_hold.TryRelease(MonoTime.Never, out var ready));
        Assert.Equal(Exchange(1), ready);
    }

    private static Duration Micros(int micros) => Duration.FromMicroseconds(micros);

    private static WallTime T3Of(uint number) => Exchange(number).Clocks.T3;

    /// <summary>100 ms apart: 1 ms there, 0.1 ms in the reflector, 1 ms back.</summary>
    private static PathExchange Exchange(uint number)
    {
        var since = Duration.FromMilliseconds(100) * number;
        var (sent, t1) = (s_start + since, s_wall + since);
        var clocks = new ClockExchange(t1, t1 + Micros(1_000), t1 + Micros(1_100), t1 + Micros(2_100), sent, sent + Micros(2_100));
        return new PathExchange(0, number, clocks, PathStamps.Receive, 60, 61, null, IsSynchronised: true);
    }

    private static StampReading Reading(uint number, uint? followUp = null, WallTime t3 = default)
    {
        var clocks = Exchange(number).Clocks;
        return new StampReading(new StampReply(new SerialNumber(number), new SerialNumber(number), clocks.T1, clocks.T2, clocks.T3, clocks.Arrived))
        {
            FollowUp = followUp is { } of ? new StampFollowUpReading(new SerialNumber(of), t3) : null,
        };
    }
}
