using Meshpulse.Core.Membership;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Membership;

public sealed class TokenBucketTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void In_no_stretch_of_time_is_more_taken_than_the_rate_and_the_burst_allow(ulong seed)
    {
        var random = new SplitMix64(seed);
        var (rate, burst) = (1 + random.Below(1_000), 1 + random.Below(100));
        var bucket = new TokenBucket(rate, burst);
        var taken = new List<(double At, double Count)>();
        var now = Nodes.At(1_000);
        for (var i = 0; i < 3_000; i++)
        {
            now += new Duration(random.Below(20) == 0 ? random.Below(int.MaxValue) : random.Below(5_000_000));
            var count = 1 + random.Below(3);
            if (bucket.TryTake(now, count))
            {
                taken.Add((now.Nanoseconds / 1e9, count));
            }
        }

        Assert.NotEmpty(taken);
        for (var first = 0; first < taken.Count; first += 7)
        {
            var sum = 0.0;
            for (var last = first; last < Math.Min(taken.Count, first + 500); last++)
            {
                sum += taken[last].Count;
                var most = burst + (rate * (taken[last].At - taken[first].At)) + 1e-3;
                Assert.True(sum <= most, $"seed {seed}: {sum} from {first} to {last}, at most {most}");
            }
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Time_going_backwards_gives_nothing_and_costs_nothing(ulong seed)
    {
        var random = new SplitMix64(seed);
        var (crooked, straight) = (new TokenBucket(100, 10), new TokenBucket(100, 10));
        var (now, latest) = (Nodes.At(1_000), Nodes.At(1_000));
        Assert.True(crooked.TryTake(now) && straight.TryTake(now));
        for (var i = 0; i < 5_000; i++)
        {
            now += new Duration(random.Below(20_000_000) - 9_000_000 - (random.Below(100) == 0 ? 3_600_000_000_000 : 0));
            latest = now > latest ? now : latest;
            now = random.Below(50) == 0 ? latest : now;
            Assert.True(straight.TryTake(latest) == crooked.TryTake(now), $"seed {seed}, round {i}");
        }
    }

    [Fact]
    public void It_starts_full_and_is_full_again_after_a_while()
    {
        var bucket = new TokenBucket(rate: 10, burst: 5);
        Assert.False(bucket.TryTake(Nodes.At(0), 6));
        for (var round = 0; round < 3; round++)
        {
            Assert.True(bucket.TryTake(Nodes.At(round), 5));
            Assert.False(bucket.TryTake(Nodes.At(round)));
            Assert.False(bucket.TryTake(Nodes.At(round + 0.09)));
            Assert.True(bucket.TryTake(Nodes.At(round + 0.11)));
        }
    }
}
