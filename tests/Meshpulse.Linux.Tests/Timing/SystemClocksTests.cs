using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Linux.Tests.Timing;

public sealed class SystemClocksTests
{
    [Fact]
    public void The_monotonic_clock_never_goes_back()
    {
        var last = SystemClocks.Mono();
        for (var i = 0; i < 10_000; i++)
        {
            var now = SystemClocks.Mono();
            Assert.True(now >= last, $"{now} came after {last}");
            last = now;
        }
    }

    [Fact]
    public void The_wall_clock_is_the_one_that_everybody_reads()
    {
        var before = DateTimeOffset.UtcNow;
        var wall = SystemClocks.Wall();
        var after = DateTimeOffset.UtcNow;
        var ticks = wall.Nanoseconds / 100;
        Assert.InRange(ticks, before.Ticks - DateTimeOffset.UnixEpoch.Ticks, after.Ticks - DateTimeOffset.UnixEpoch.Ticks);
    }

    [Fact]
    public void A_pairing_lies_between_readings_taken_before_and_after_it()
    {
        for (var i = 0; i < 1_000; i++)
        {
            var (monoBefore, wallBefore) = (SystemClocks.Mono(), SystemClocks.Wall());
            var pairing = SystemClocks.Pair(out var uncertainty);
            var (monoAfter, wallAfter) = (SystemClocks.Mono(), SystemClocks.Wall());
            Assert.InRange(pairing.Mono.Nanoseconds, monoBefore.Nanoseconds, monoAfter.Nanoseconds);
            Assert.InRange(pairing.Wall.Nanoseconds, wallBefore.Nanoseconds, wallAfter.Nanoseconds);
            Assert.InRange(uncertainty.Nanoseconds, 0, (monoAfter - monoBefore).Nanoseconds);
        }
    }

    [Fact]
    public void Reading_and_pairing_allocate_nothing()
    {
        ReadAll();
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                ReadAll();
            }
        }));

        static void ReadAll()
        {
            _ = SystemClocks.Mono();
            _ = SystemClocks.Wall();
            _ = SystemClocks.Pair(out _);
        }
    }
}
