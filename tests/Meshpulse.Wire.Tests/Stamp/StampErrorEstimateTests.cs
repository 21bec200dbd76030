using Meshpulse.Wire.Stamp;

namespace Meshpulse.Wire.Tests.Stamp;

public sealed class StampErrorEstimateTests
{
    [Theory]
    [InlineData(0x8f84, true, StampTimestampFormat.Ntp, 15, 132, 1_007_081)]
    [InlineData(0x9601, true, StampTimestampFormat.Ntp, 22, 1, 976_563)]
    [InlineData(0xcf84, true, StampTimestampFormat.Ptp, 15, 132, 1_007_081)]
    [InlineData(0x3fff, false, StampTimestampFormat.Ntp, 63, 255, long.MaxValue)]
    [InlineData(0x0001, false, StampTimestampFormat.Ntp, 0, 1, 1)]
    [InlineData(0x2001, false, StampTimestampFormat.Ntp, 32, 1, 1_000_000_000)]
    public void Its_parts_are_read(int bits, bool synchronised, StampTimestampFormat format, int scale, int multiplier, long bound)
    {
        var estimate = new StampErrorEstimate((ushort)bits);
        Assert.Equal(
            (synchronised, format, scale, multiplier, bound, true),
            (estimate.IsSynchronised, estimate.Format, estimate.Scale, estimate.Multiplier, estimate.BoundNanoseconds, estimate.IsValid));
        Assert.Equal(StampTimestampFormat.Ptp, estimate.WithFormat(StampTimestampFormat.Ptp).Format);
        Assert.Equal(bits, estimate.WithFormat(StampTimestampFormat.Ptp).WithFormat(format).Bits);
    }

    [Theory]
    [InlineData(1_007_080, true, StampTimestampFormat.Ntp, 0x8f84)]
    [InlineData(1_007_080, true, StampTimestampFormat.Ptp, 0xcf84)]
    [InlineData(0, false, StampTimestampFormat.Ntp, 0x0001)]
    [InlineData(1_000_000_000, false, StampTimestampFormat.Ntp, 0x1980)]
    public void A_bound_has_its_golden_bits(long bound, bool synchronised, StampTimestampFormat format, int expected) =>
        Assert.Equal(expected, StampErrorEstimate.FromBound(bound, synchronised, format).Bits);

    [Fact]
    public void The_multiplier_0_is_not_valid_and_never_made()
    {
        Assert.False(new StampErrorEstimate(0x8f00).IsValid);
        Assert.Equal(0, new StampErrorEstimate(0x8f00).BoundNanoseconds);
        Assert.True(StampErrorEstimate.FromBound(0, true).IsValid);
        Assert.Throws<ArgumentOutOfRangeException>(() => StampErrorEstimate.FromBound(-1, true));
    }

    /// <summary>Against all 16,065 values that there are, in exact arithmetic.</summary>
    [Fact]
    public void It_is_the_smallest_that_is_not_below_the_error()
    {
        var random = new Random(5);
        // In units of 2^-32 ns, where every estimate is a whole number.
        var all = Enumerable.Range(0, 64).SelectMany(scale => Enumerable.Range(1, 255).Select(m => ((UInt128)(uint)m * 1_000_000_000) << scale))
            .Distinct().Order().ToArray();
        for (var i = 0; i < 20_000; i++)
        {
            var bound = i < 2_000 ? i : i == 2_000 ? long.MaxValue : random.NextInt64() >> random.Next(63);
            var estimate = StampErrorEstimate.FromBound(bound, false);
            var scaled = (UInt128)(ulong)bound << 32;
            var at = Array.BinarySearch(all, scaled);
            var expected = all[at < 0 ? ~at : at];
            Assert.True(expected == ((UInt128)(uint)estimate.Multiplier * 1_000_000_000) << estimate.Scale, $"seed 5: {bound} gives {estimate}");
            Assert.True(estimate.BoundNanoseconds >= bound, $"seed 5: {bound} comes back as {estimate.BoundNanoseconds}");
        }
    }
}
