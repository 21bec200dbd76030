using Meshpulse.Core.Statistics;

namespace Meshpulse.Core.Tests.Statistics;

public sealed class HdrGeometryTests
{
    [Fact]
    public void The_default_layout_has_the_classic_number_of_counts() => Assert.Equal(28_672, HdrGeometry.Default.CountsLength);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(3, 1_000)]
    [InlineData(4, 64)]
    public void Counters_tile_the_range_within_the_promised_precision(int digits, long lowest)
    {
        var geometry = new HdrGeometry(long.MaxValue, digits, lowest);
        var precision = Math.Pow(10, -digits);
        for (var i = 0; i < geometry.CountsLength; i++)
        {
            var (low, high) = (geometry.LowestAt(i), geometry.HighestAt(i));
            Assert.Equal(i == 0 ? 0 : geometry.HighestAt(i - 1) + 1, low);
            Assert.True(high - low < lowest || high - low <= low * precision);
            Assert.InRange(geometry.MedianAt(i), low, high);
            Assert.Equal((i, i), (geometry.IndexOf(low), geometry.IndexOf(high)));
        }

        Assert.Equal(long.MaxValue, geometry.HighestAt(geometry.CountsLength - 1));
    }

    [Fact]
    public void A_value_outside_the_layout_is_taken_as_the_nearest()
    {
        Assert.Equal(0, HdrGeometry.Default.IndexOf(long.MinValue));
        Assert.Equal(HdrGeometry.Default.CountsLength - 1, HdrGeometry.Default.IndexOf(long.MaxValue));
    }

    [Theory]
    [InlineData(1, 3, 1)]
    [InlineData(1_000, -1, 1)]
    [InlineData(1_000, 6, 1)]
    [InlineData(1_000, 3, 0)]
    [InlineData(1_000, 3, -5)]
    [InlineData(-1, 3, 1)]
    [InlineData(long.MaxValue, 5, 1L << 45)]
    public void Impossible_layouts_are_refused(long highest, int digits, long lowest) =>
        Assert.ThrowsAny<ArgumentException>(() => new HdrGeometry(highest, digits, lowest));
}
