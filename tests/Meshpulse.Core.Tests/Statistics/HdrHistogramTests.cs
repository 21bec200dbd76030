using Meshpulse.Core.Statistics;

namespace Meshpulse.Core.Tests.Statistics;

/// <summary>Against sorted arrays of the values themselves.</summary>
public sealed class HdrHistogramTests
{
    public static TheoryData<ulong> Seeds => Samples.Seeds;

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Percentiles_are_those_of_the_sorted_values_within_the_precision(ulong seed)
    {
        var sorted = Samples.Draw(seed).Order().ToArray();
        var digits = (int)(seed % 6);
        var histogram = new HdrHistogram(new HdrGeometry(significantDigits: digits)).Record(sorted);
        for (var tenths = 1; tenths <= 1_000; tenths++)
        {
            var exact = sorted[((tenths * sorted.Length) + 999) / 1_000 - 1];
            var answer = histogram.ValueAtPercentile(tenths / 10.0);
            Assert.Equal(histogram.Geometry.HighestEquivalent(exact), answer);
            Assert.InRange(answer - exact, 0, exact / Math.Pow(10, digits));
        }

        Assert.Equal(histogram.Geometry.LowestEquivalent(sorted[0]), histogram.ValueAtPercentile(0));
        Assert.Equal(histogram.Max, histogram.ValueAtPercentile(250));
    }

    [Fact]
    public void A_rank_that_is_whole_is_not_pushed_up_by_rounding()
    {
        // 8.8 percent of 375 is the 33rd; as doubles 8.8 * 375 / 100 is 33.00000000000001.
        var h = new HdrHistogram().Record(Enumerable.Range(1, 375).Select(i => (long)i));
        Assert.All(Enumerable.Range(1, 1_000), tenths => Assert.Equal(((tenths * 375) + 999) / 1_000, h.ValueAtPercentile(tenths / 10.0)));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Counts_mean_and_ends_are_those_of_the_values(ulong seed)
    {
        var values = Samples.Draw(seed);
        var h = new HdrHistogram().Record(values);
        Assert.Equal(values.Length, h.TotalCount);
        Assert.Equal((values.Min(), values.Max()), (h.ExactMin, h.ExactMax));
        Assert.Equal((h.Geometry.LowestEquivalent(values.Min()), h.Geometry.HighestEquivalent(values.Max())), (h.Min, h.Max));
        Assert.InRange(h.Mean - values.Average(), -values.Average() / 1_000, values.Average() / 1_000);
        Assert.Equal(h.TotalCount, h.Buckets.Sum(b => b.Count));
        foreach (var bucket in h.Buckets)
        {
            Assert.Equal(values.LongCount(v => v >= bucket.Lowest && v <= bucket.Highest), bucket.Count);
            var atOrBelow = values.LongCount(v => v <= bucket.Highest);
            Assert.Equal(atOrBelow, h.CountBetween(0, bucket.Highest));
            Assert.Equal(100.0 * atOrBelow / values.Length, h.PercentileAtOrBelow(bucket.Lowest));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_order_of_values_does_not_matter(ulong seed)
    {
        var values = Samples.Draw(seed);
        var expected = new HdrHistogram().Record(values).Contents();
        Assert.Equal(expected, new HdrHistogram().Record(values.Order()).Contents());
        Assert.Equal(expected, new HdrHistogram().Record(values.OrderDescending()).Contents());
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Adding_is_recording_both(ulong seed)
    {
        var (a, b) = (Samples.Draw(seed), Samples.Draw(seed + 1_000));
        long[] hostile = [-7, long.MaxValue];
        var sum = new HdrHistogram().Record(a);
        sum.Add(new HdrHistogram().Record(b).Record(hostile));
        Assert.Equal(new HdrHistogram().Record([.. a, .. b, .. hostile]).Contents(), sum.Contents());

        var before = new HdrHistogram().Record([.. a, .. b, .. hostile, .. a, .. b, .. hostile]).Contents();
        sum.Add(sum);
        Assert.Equal(before, sum.Contents());
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Adding_from_another_layout_takes_each_bucket_s_lowest_value(ulong seed)
    {
        var coarse = new HdrHistogram(new HdrGeometry(significantDigits: 1)).Record(Samples.Draw(seed));
        var sum = new HdrHistogram(new HdrGeometry(6_000));
        sum.Add(coarse);
        Assert.Equal(coarse.TotalCount, sum.TotalCount);
        Assert.Equal(coarse.CountBetween(0, 4_000), sum.CountBetween(0, 4_000));
        Assert.Equal(coarse.Buckets.Where(b => b.Lowest > 6_000).Sum(b => b.Count), sum.ClampedHigh);
    }

    [Theory]
    [InlineData(6_000)]
    [InlineData(60_000)]
    public void What_was_clamped_stays_clamped_in_another_layout_and_is_counted_once(long highest)
    {
        var sum = new HdrHistogram(new HdrGeometry(highest));
        sum.Add(new HdrHistogram(new HdrGeometry(10_000)).Record([-1, 5, 10_001]));
        Assert.Equal((3, 1, 1), (sum.TotalCount, sum.ClampedLow, sum.ClampedHigh));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Correction_is_the_naive_loop(ulong seed)
    {
        var random = new SplitMix64(seed);
        var geometry = new HdrGeometry(100_000, (int)(seed % 6));
        var (ours, naive) = (new HdrHistogram(geometry), new HdrHistogram(geometry));
        for (var i = 0; i < 50; i++)
        {
            var (value, interval) = ((long)random.Below(100_001), (long)(random.Below(2) == 0 ? random.Below(20) : random.Below(30_000)));
            ours.RecordWithExpectedInterval(value, interval);
            naive.Record(value);
            for (var missing = value - interval; interval > 0 && missing >= interval; missing -= interval)
            {
                naive.Record(missing);
            }
        }

        Assert.Equal(naive.Contents(), ours.Contents());
    }

    [Fact]
    public void A_day_s_gap_at_a_microsecond_is_counted_without_a_step_for_each()
    {
        var h = new HdrHistogram();
        h.RecordWithExpectedInterval(HdrGeometry.DefaultHighest, 1);
        Assert.Equal(HdrGeometry.DefaultHighest, h.TotalCount);
        Assert.Equal((1, HdrGeometry.DefaultHighest), (h.ExactMin, h.ExactMax));
        var (low, high) = (h.Geometry.LowestEquivalent(1_000_000), h.Geometry.HighestEquivalent(2_000_000_000));
        Assert.Equal(high - low + 1, h.CountBetween(low, high));
        Assert.All(h.Buckets.SkipLast(1), b => Assert.Equal(b.Highest - Math.Max(b.Lowest, 1) + 1, b.Count));
    }

    [Fact]
    public void Hostile_values_are_clamped_and_counted()
    {
        var h = new HdrHistogram(new HdrGeometry(10_000));
        h.Record(long.MinValue, 3);
        h.Record(10_001, 2);
        h.Record(5, 0);
        h.Record(5, -4);
        h.RecordWithExpectedInterval(long.MaxValue, 5_000);
        h.RecordWithExpectedInterval(-1, 5_000);
        h.RecordWithExpectedInterval(7, long.MinValue);
        Assert.Equal((9, 4, 3), (h.TotalCount, h.ClampedLow, h.ClampedHigh));
        Assert.Equal((4, 1, 1, 3), (h.CountBetween(0, 0), h.CountBetween(7, 7), h.CountBetween(5_000, 5_000), h.CountBetween(10_000, 10_000)));
    }

    [Fact]
    public void Counts_pass_32_bits_and_stop_before_63_are_full()
    {
        var h = new HdrHistogram();
        h.Record(500, uint.MaxValue);
        h.Record(500);
        h.Record(100);
        h.Record(900, 1L << 40);
        Assert.Equal([1, 1L << 32, 1L << 40], h.Buckets.Select(b => b.Count));

        h.Record(700, long.MaxValue - h.TotalCount);
        var full = h.Contents();
        h.Record(1);
        h.RecordWithExpectedInterval(1_000, 10);
        h.Add(new HdrHistogram().Record([1]));
        Assert.Equal(long.MaxValue, h.TotalCount);
        Assert.Equal(full, h.Contents());
        Assert.Equal(900, h.ValueAtPercentile(100));

        h.Reset();
        h.Record([100, 500]);
        Assert.Equal([1, 1], h.Buckets.Select(b => b.Count));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void After_reset_it_is_as_new(ulong seed)
    {
        var h = new HdrHistogram().Record(Samples.Draw(seed + 500)).Record([-1, long.MaxValue]);
        h.Reset();
        Assert.Equal(new HdrHistogram().Contents(), h.Contents());
        var values = Samples.Draw(seed);
        Assert.Equal(new HdrHistogram().Record(values).Contents(), h.Record(values).Contents());
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Copies_are_equal_and_their_own(ulong seed)
    {
        var h = new HdrHistogram(new HdrGeometry(significantDigits: (int)(seed % 6))).Record(Samples.Draw(seed)).Record([-1]);
        h.Record(3, seed % 2 == 0 ? 1L << 33 : 1);
        var expected = h.Contents();
        var target = new HdrHistogram(h.Geometry).Record(Samples.Draw(seed + 1));
        target.Record(1, 1L << 35);
        h.CopyTo(target);
        var clone = h.Clone();
        h.Record(Samples.Draw(seed + 2));
        Assert.Equal(expected, clone.Contents());
        Assert.Equal(expected, target.Contents());
        target.TrimExcess();
        Assert.Equal(expected, target.Contents());
        Assert.Equal(clone.EstimatedBytes, target.EstimatedBytes);
        Assert.Throws<ArgumentException>(() => h.CopyTo(new HdrHistogram(new HdrGeometry(77))));
    }

    [Fact]
    public void Nothing_recorded_has_an_answer_to_everything()
    {
        var h = new HdrHistogram();
        Assert.Equal((0, 0, 0, 0, 0), (h.TotalCount, h.Min, h.Max, h.ExactMin, h.ExactMax));
        Assert.Equal((0, 0, 0, 100), (h.Mean, h.StandardDeviation, h.ValueAtPercentile(99), h.PercentileAtOrBelow(5)));
        Assert.Equal(0, h.CountBetween(long.MinValue, long.MaxValue));
        Assert.Empty(h.Buckets);
    }

    [Theory]
    [InlineData(5, 4)]
    [InlineData(-9, -1)]
    [InlineData(1L << 40, 1L << 50)]
    public void Ranges_beyond_the_values_count_nothing(long low, long high)
    {
        var h = new HdrHistogram().Record([0, 4, 5, HdrGeometry.DefaultHighest]);
        Assert.Equal(0, h.CountBetween(low, high));
    }
}
