using System.Collections.Immutable;
using Meshpulse.Core.Statistics;

namespace Meshpulse.Core.Tests.Statistics;

public sealed class ExplicitBucketsTests
{
    private static readonly ImmutableArray<long> Bounds = [0, 10, 99, 4_999, 5_000, 77_777, 10_000_000];

    public static TheoryData<ulong> Seeds => Samples.Seeds;

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Counts_are_exact_at_the_bounds(ulong seed)
    {
        var values = Samples.Draw(seed);
        var buckets = new ExplicitBuckets(Bounds);
        foreach (var value in values)
        {
            buckets.Record(value);
        }

        AssertCounts(values, buckets);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Correction_is_the_naive_loop(ulong seed)
    {
        var random = new SplitMix64(seed);
        var buckets = new ExplicitBuckets(Bounds, 100_000);
        List<long> naive = [];
        for (var i = 0; i < 50; i++)
        {
            var (value, interval) = ((long)random.Below(110_000), (long)random.Below(random.Below(2) == 0 ? 20 : 30_000));
            buckets.RecordWithExpectedInterval(value, interval);
            value = Math.Min(value, 100_000);
            naive.Add(value);
            for (var missing = value - interval; interval > 0 && missing >= interval; missing -= interval)
            {
                naive.Add(missing);
            }
        }

        AssertCounts(naive, buckets);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Hostile_values_leave_the_total_that_the_histogram_has(ulong seed)
    {
        var random = new SplitMix64(seed);
        var (buckets, histogram) = (new ExplicitBuckets(Bounds), new HdrHistogram());
        for (var i = 0; i < 200; i++)
        {
            var (value, count, interval) = (Any(random), Any(random), Any(random));
            buckets.Record(value, count);
            histogram.Record(value, count);
            buckets.RecordWithExpectedInterval(value, interval);
            histogram.RecordWithExpectedInterval(value, interval);
        }

        Assert.Equal(histogram.TotalCount, buckets.TotalCount);
        Assert.Equal(histogram.TotalCount, buckets.CumulativeCounts()[^1]);
        Assert.True(buckets.Sum >= 0 && buckets.Sum <= (Int128)buckets.TotalCount * HdrGeometry.DefaultHighest);
    }

    [Fact]
    public void A_day_s_gap_at_a_microsecond_is_exact()
    {
        var buckets = new ExplicitBuckets(Bounds);
        buckets.RecordWithExpectedInterval(HdrGeometry.DefaultHighest, 1);
        Assert.Equal([0, 10, 99, 4_999, 5_000, 77_777, 10_000_000, HdrGeometry.DefaultHighest], buckets.CumulativeCounts());
        Assert.Equal((Int128)HdrGeometry.DefaultHighest * (HdrGeometry.DefaultHighest + 1) / 2, buckets.Sum);
    }

    [Fact]
    public void Recording_allocates_nothing()
    {
        var buckets = new ExplicitBuckets(Bounds);
        var counts = new long[Bounds.Length + 1];
        void Round()
        {
            for (var i = 0; i < 1_000; i++)
            {
                buckets.Record(i * 31);
                buckets.RecordWithExpectedInterval(i * 31, 100);
            }

            buckets.CopyCumulativeTo(counts);
        }

        Round();
        Assert.Equal(0, Allocations.Least(Round));
    }

    [Fact]
    public void Bounds_must_ascend_and_a_snapshot_needs_room()
    {
        Assert.ThrowsAny<ArgumentException>(() => new ExplicitBuckets([1, 1]));
        Assert.ThrowsAny<ArgumentException>(() => new ExplicitBuckets([2, 1]));
        Assert.ThrowsAny<ArgumentException>(() => new ExplicitBuckets(default));
        Assert.ThrowsAny<ArgumentException>(() => new ExplicitBuckets([1], -1));
        Assert.Throws<ArgumentException>(() => new ExplicitBuckets([1, 2]).CopyCumulativeTo(new long[2]));
        Assert.Equal([0], new ExplicitBuckets([]).CumulativeCounts());
    }

    private static long Any(SplitMix64 random) => (long)random.Next() >> random.Below(64);

    private static void AssertCounts(IReadOnlyCollection<long> values, ExplicitBuckets buckets)
    {
        long[] expected = [.. Bounds.Select(bound => values.LongCount(v => v <= bound)), values.Count];
        Assert.Equal(expected, buckets.CumulativeCounts());
        Assert.Equal(values.Count, buckets.TotalCount);
        Assert.Equal(values.Aggregate(Int128.Zero, (sum, v) => sum + v), buckets.Sum);
    }
}
