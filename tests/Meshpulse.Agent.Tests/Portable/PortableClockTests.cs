using Meshpulse.Agent.Portable;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Agent.Tests.Portable;

public sealed class PortableClockTests
{
    [Theory]
    [InlineData(0, 10_000_000, 0)]
    [InlineData(1, 10_000_000, 100)]
    [InlineData(123_456_789, 10_000_000, 12_345_678_900)]
    [InlineData(1, 3_579_545, 279)]
    [InlineData(3_579_546, 3_579_545, 1_000_000_279)]
    [InlineData(long.MaxValue, 1_000_000_000, long.MaxValue)]
    [InlineData(92_233_720_368_547_758, 10_000_000, 9_223_372_036_854_775_800)]
    public void A_count_of_any_timer_is_nanoseconds(long ticks, long frequency, long nanoseconds) =>
        Assert.Equal(new MonoTime(nanoseconds), PortableClock.MonoOf(ticks, frequency));

    [Fact]
    public void On_Linux_the_clocks_are_the_kernels_own()
    {
        for (var i = 0; i < 1_000; i++)
        {
            var (mono, wall) = (SystemClocks.Mono(), SystemClocks.Wall());
            var pair = PortableClock.Pair();
            Assert.InRange(pair.Mono.Nanoseconds, mono.Nanoseconds, SystemClocks.Mono().Nanoseconds);
            // Cut to its unit.
            Assert.InRange(pair.Wall.Nanoseconds, wall.Nanoseconds - 100, SystemClocks.Wall().Nanoseconds);
        }
    }
}
