using Meshpulse.Core.Statistics;

namespace Meshpulse.Core.Tests.Statistics;

public sealed class SplitMix64Tests
{
    /// <summary>The published reference output for the seed 1234567 (Vigna's splitmix64.c).</summary>
    [Fact]
    public void It_gives_the_published_sequence()
    {
        var random = new SplitMix64(1_234_567);
        ulong[] expected = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821];
        Assert.Equal(expected, Enumerable.Range(0, 5).Select(_ => random.Next()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1_000)]
    [InlineData(int.MaxValue)]
    public void Below_stays_below_and_reaches_every_part(int bound)
    {
        var random = new SplitMix64(9);
        var parts = new int[Math.Min(bound, 10)];
        for (var i = 0; i < 20_000; i++)
        {
            var value = random.Below(bound);
            Assert.InRange(value, 0, bound - 1);
            parts[(long)value * parts.Length / bound]++;
        }

        Assert.All(parts, count => Assert.InRange(count, 20_000 / parts.Length * 8 / 10, 20_000 / parts.Length * 12 / 10));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_bound_that_leaves_no_number_is_refused(int bound) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SplitMix64(1).Below(bound));

    [Fact]
    public void Doubles_lie_from_0_to_just_under_1()
    {
        var random = new SplitMix64(10);
        var sum = 0.0;
        for (var i = 0; i < 20_000; i++)
        {
            var value = random.NextDouble();
            Assert.True(value is >= 0 and < 1);
            sum += value;
        }

        Assert.InRange(sum / 20_000, 0.49, 0.51);
    }

    [Fact]
    public void Equal_seeds_give_equal_sequences_and_others_do_not()
    {
        var (a, b, c) = (new SplitMix64(42), new SplitMix64(42), new SplitMix64(43));
        var same = 0;
        for (var i = 0; i < 100; i++)
        {
            var next = a.Next();
            Assert.Equal(next, b.Next());
            same += next == c.Next() ? 1 : 0;
        }

        Assert.Equal(0, same);
    }
}
