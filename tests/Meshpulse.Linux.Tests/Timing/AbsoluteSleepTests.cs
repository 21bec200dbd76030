using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Linux.Tests.Timing;

public sealed class AbsoluteSleepTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(999)]
    [InlineData(100_000)]
    [InlineData(5_000_000)]
    public void It_never_wakes_early(long nanoseconds)
    {
        for (var i = 0; i < 20; i++)
        {
            var deadline = SystemClocks.Mono() + new Duration(nanoseconds);
            Assert.Equal(Errno.None, AbsoluteSleep.Until(deadline));
            Assert.True(SystemClocks.Mono() >= deadline);
        }
    }

    [Fact]
    public void Signals_do_not_wake_it()
    {
        SignalStorm.During(static () =>
        {
            var deadline = SystemClocks.Mono() + Duration.FromMilliseconds(50);
            Assert.Equal(Errno.None, AbsoluteSleep.Until(deadline));
            Assert.True(SystemClocks.Mono() >= deadline);
        });
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void A_moment_that_has_passed_is_no_sleep_and_no_error(long nanoseconds) =>
        Assert.Equal(Errno.None, AbsoluteSleep.Until(new MonoTime(nanoseconds)));

    [Fact]
    public void It_allocates_nothing()
    {
        _ = AbsoluteSleep.Until(SystemClocks.Mono() + new Duration(1));
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                _ = AbsoluteSleep.Until(SystemClocks.Mono() + new Duration(1_000));
            }
        }));
    }
}
