using Meshpulse.Agent.Vitals;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Agent.Tests.Vitals;

public sealed class HostWindowQueueTests
{
    private readonly HostWindowQueue _queue = new();

    [Fact]
    public void Each_window_is_given_once()
    {
        Assert.Null(_queue.Next());
        _queue.Add(Window(1));
        Assert.Equal(Window(1).Until, _queue.Next()?.Until);
        Assert.Null(_queue.Next());
    }

    [Fact]
    public void A_window_with_a_stall_is_given_before_those_behind_it_which_make_way_for_one_another()
    {
        _queue.Add(Window(1));
        _queue.Add(Window(2, stalled: 2_000));
        _queue.Add(Window(3));
        _queue.Add(Window(4, stalled: 10));
        Assert.Equal(Window(2).Until, _queue.Next()?.Until);
        Assert.Equal(Window(4).Until, _queue.Next()?.Until);
        Assert.Null(_queue.Next());
    }

    [Fact]
    public void Of_many_the_oldest_are_lost()
    {
        for (var i = 1; i <= 6; i++)
        {
            _queue.Add(Window(i, stalled: 100));
        }

        Assert.Equal(Window(3).Until, _queue.Next()?.Until);
    }

    private static HostWindow Window(int number, long stalled = 0)
    {
        var until = new MonoTime(number * 250_000_000L);
        var length = Duration.FromMilliseconds(stalled);
        return new HostWindow(until - Duration.FromMilliseconds(250), until)
        {
            Stalls = stalled == 0 ? [] : [new HostStall(until - length, length, null)],
        };
    }
}
