using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Time;

public sealed class DurationTests
{
    [Fact]
    public void Units_agree_with_one_another()
    {
        Assert.Equal(Duration.FromSeconds(3), Duration.FromMilliseconds(3_000));
        Assert.Equal(Duration.FromMilliseconds(-7), Duration.FromMicroseconds(-7_000));
        Assert.Equal(1.5, Duration.FromMilliseconds(1_500).Seconds);
        Assert.Equal(-0.25, Duration.FromMicroseconds(-250).Milliseconds);
    }

    [Theory]
    [InlineData(1_999, 1)]
    [InlineData(-1_999, -1)]
    [InlineData(-999, 0)]
    public void Microseconds_are_rounded_towards_zero(long nanoseconds, long expected) =>
        Assert.Equal(expected, new Duration(nanoseconds).Microseconds);

    [Fact]
    public void A_span_beyond_the_range_is_refused_and_not_wrapped()
    {
        Assert.Throws<OverflowException>(() => Duration.FromMicroseconds(long.MaxValue / 999));
        Assert.Throws<OverflowException>(() => Duration.FromMilliseconds(long.MinValue / 999_999));
        Assert.Throws<OverflowException>(() => Duration.FromSeconds(long.MaxValue / 999_999_999));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-5, 5)]
    [InlineData(5, 5)]
    [InlineData(-long.MaxValue, long.MaxValue)]
    [InlineData(long.MinValue, long.MaxValue)]
    public void A_size_is_never_negative(long nanoseconds, long expected)
    {
        Assert.Equal(expected, new Duration(nanoseconds).Abs().Nanoseconds);
        Assert.Equal(nanoseconds <= 0 ? expected : -expected, (-new Duration(nanoseconds)).Nanoseconds);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Arithmetic_and_order_are_those_of_the_nanoseconds(ulong seed)
    {
        var random = new SplitMix64(seed);
        for (var i = 0; i < 2_000; i++)
        {
            var (a, b, factor) = ((long)random.Next() >> 8, (long)random.Next() >> 8, 1 + random.Below(100));
            var (x, y) = (new Duration(a), new Duration(b));
            Assert.Equal(a + b, (x + y).Nanoseconds);
            Assert.Equal(a - b, (x - y).Nanoseconds);
            Assert.Equal(-a, (-x).Nanoseconds);
            Assert.Equal(a * factor, (x * factor).Nanoseconds);
            Assert.Equal(a / factor, (x / factor).Nanoseconds);
            Assert.Equal(Math.Max(a, b), Duration.Max(x, y).Nanoseconds);
            Assert.Equal(Math.Min(a, b), Duration.Min(x, y).Nanoseconds);
            Assert.True((x < y) == (a < b) && (x > y) == (a > b) && (x <= y) == (a <= b) && (x >= y) == (a >= b), $"seed {seed}, round {i}");
            Assert.Equal(a.CompareTo(b), x.CompareTo(y));
        }
    }

    [Theory]
    [InlineData(0, "0 ns")]
    [InlineData(812, "812 ns")]
    [InlineData(-812, "-812 ns")]
    [InlineData(4_200, "4.2 us")]
    [InlineData(5_000_000, "5.0 ms")]
    [InlineData(-5_000_000, "-5.0 ms")]
    [InlineData(12_345_678_901, "12.3 s")]
    [InlineData(long.MinValue, "-9223372036.9 s")]
    public void It_is_told_to_people_in_the_unit_that_fits(long nanoseconds, string expected) =>
        Assert.Equal(expected, new Duration(nanoseconds).ToString());
}
