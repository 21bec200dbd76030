using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Time;

public sealed class ClockPairingTests
{
    private const int Rounds = 3_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_stamp_between_two_pairings_is_placed_exactly(ulong seed)
    {
        var random = new SplitMix64(seed);
        for (var i = 0; i < Rounds; i++)
        {
            var earlier = Draw(random);
            var later = Later(earlier, Span(random), movement: 0);
            var age = (long)(random.NextDouble() * (later.Mono - earlier.Mono).Nanoseconds);
            var placed = later.TryPlace(new WallTime(later.Wall.Nanoseconds - age), earlier, out var mono);
            Assert.True(placed && mono.Nanoseconds == later.Mono.Nanoseconds - age, $"seed {seed}, round {i}: {placed}, {mono}");
        }
    }

    [Theory]
    [InlineData(3)]
    public void Slewing_up_to_500_ppm_moves_a_stamp_by_no_more_than_itself(ulong seed)
    {
        var random = new SplitMix64(seed);
        for (var i = 0; i < Rounds; i++)
        {
            var earlier = Draw(random);
            var span = Span(random);
            var movement = (long)((random.NextDouble() - 0.5) * span.Nanoseconds / 1_000);
            var later = Later(earlier, span, movement);
            var part = random.NextDouble();
            var at = earlier.Mono.Nanoseconds + (long)(part * span.Nanoseconds);
            var stamp = new WallTime(earlier.Wall.Nanoseconds + (long)(part * (span.Nanoseconds + movement)));
            var placed = later.TryPlace(stamp, earlier, out var mono);
            Assert.True(placed && Math.Abs(mono.Nanoseconds - at) <= Math.Abs(movement) + 1, $"seed {seed}, round {i}: {placed}, {mono} for {at}");
        }
    }

    [Theory]
    [InlineData(4)]
    public void A_step_in_either_direction_is_noticed(ulong seed)
    {
        var random = new SplitMix64(seed);
        for (var i = 0; i < Rounds; i++)
        {
            var earlier = Draw(random);
            var span = Span(random);
            var size = 100_000 + (span.Nanoseconds / 2_000) + 1 + (i % 2 * (long)(random.NextDouble() * 7_200_000_000_000));
            var step = random.Below(2) == 0 ? size : -size;
            var later = Later(earlier, span, step);
            Assert.Equal(step, later.SteppedSince(earlier).Nanoseconds);
            Assert.False(later.TryPlace(later.Wall - (span / 2), earlier, out var mono), $"seed {seed}, round {i}");
            Assert.Equal(later.Mono, mono);
        }
    }

    [Theory]
    [InlineData(5)]
    public void A_stamp_from_outside_the_pairings_is_refused(ulong seed)
    {
        var random = new SplitMix64(seed);
        long[] ends = [long.MinValue, long.MaxValue, 0];
        for (var i = 0; i < Rounds; i++)
        {
            var earlier = Draw(random);
            var later = Later(earlier, Span(random), movement: 0);
            var beyond = Duration.FromMicroseconds(1_001) + new Duration(random.Below(int.MaxValue));
            var stamp = random.Below(3) switch
            {
                0 => earlier.Wall - beyond,
                1 => later.Wall + beyond,
                _ => new WallTime(ends[random.Below(ends.Length)]),
            };
            Assert.False(later.TryPlace(stamp, earlier, out var mono), $"seed {seed}, round {i}: {stamp}");
            Assert.Equal(later.Mono, mono);
        }
    }

    [Fact]
    public void A_stamp_that_seems_younger_than_the_reading_is_placed_at_the_reading()
    {
        var earlier = new ClockPairing(new MonoTime(1_000_000_000), new WallTime(1_700_000_000_000_000_000));
        var later = Later(earlier, Duration.FromMilliseconds(5), movement: 0);
        Assert.True(later.TryPlace(later.Wall + Duration.FromMicroseconds(900), earlier, out var mono));
        Assert.Equal(later.Mono, mono);
    }

    private static ClockPairing Draw(SplitMix64 random) =>
        new(new MonoTime((long)(random.NextDouble() * 1e15)), new WallTime(1_600_000_000_000_000_000 + (long)(random.NextDouble() * 1e18)));

    /// <summary>From 10 us to 100 s, evenly by magnitude.</summary>
    private static Duration Span(SplitMix64 random) => new((long)(10_000 * Math.Pow(10, 7 * random.NextDouble())));

    private static ClockPairing Later(ClockPairing earlier, Duration span, long movement) =>
        new(earlier.Mono + span, earlier.Wall + span + new Duration(movement));
}
