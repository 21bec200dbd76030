using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Statistics;

namespace Meshpulse.Core.Tests.Probing.Stamp;

public class SerialNumberTests
{
    [Theory]
    [InlineData(0u, 1u, true)]
    [InlineData(uint.MaxValue, 0u, true)]
    [InlineData(0u, 0x7FFF_FFFFu, true)]
    [InlineData(0u, 0x8000_0000u, false)]
    [InlineData(0x8000_0000u, 0u, false)]
    [InlineData(5u, 5u, false)]
    [InlineData(1u, 0u, false)]
    public void The_later_is_less_than_half_the_circle_ahead(uint a, uint b, bool expected) =>
        Assert.Equal(expected, new SerialNumber(a).IsBefore(new SerialNumber(b)));

    [Fact]
    public void Addition_wraps_and_ends_where_the_order_does()
    {
        Assert.Equal(new SerialNumber(4), new SerialNumber(uint.MaxValue) + 5);
        Assert.Equal(new SerialNumber(0), new SerialNumber(uint.MaxValue).Next);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SerialNumber(0) + 0x8000_0000u);
    }

    [Fact]
    public void Unwrapping_finds_the_count_from_anywhere_near()
    {
        var random = new SplitMix64(11);
        for (var i = 0; i < 100_000; i++)
        {
            var count = (long)(random.Next() >> 20) - (1L << 40);
            var near = count + (long)(random.Next() >> 33) - (1L << 30);
            Assert.Equal(count, SerialNumber.FromLong(count).Unwrap(near));
        }
    }

    [Fact]
    public void Distance_and_order_agree()
    {
        var random = new SplitMix64(12);
        for (var i = 0; i < 100_000; i++)
        {
            var (a, b) = (new SerialNumber((uint)random.Next()), new SerialNumber((uint)random.Next()));
            Assert.Equal(a.DistanceFrom(b) < 0 && a.DistanceFrom(b) != int.MinValue, a.IsBefore(b));
            Assert.False(a.IsBefore(b) && b.IsBefore(a));
        }
    }
}
