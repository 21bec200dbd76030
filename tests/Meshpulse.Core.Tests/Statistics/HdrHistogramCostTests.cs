using Meshpulse.Core.Statistics;

namespace Meshpulse.Core.Tests.Statistics;

public sealed class HdrHistogramCostTests
{
    [Fact]
    public void Seen_buckets_windows_and_questions_allocate_nothing()
    {
        var values = Samples.Draw(2);
        var (window, total, copy) = (new HdrHistogram(), new HdrHistogram(), new HdrHistogram());
        long Round()
        {
            window.Reset();
            foreach (var value in values)
            {
                window.Record(value);
                window.RecordWithExpectedInterval(value, 5_000);
            }

            total.Add(window);
            total.CopyTo(copy);
            return copy.ValueAtPercentile(99) + (long)copy.Mean + (long)copy.StandardDeviation + copy.BucketAt(0).Count;
        }

        Round();
        Round();
        Assert.Equal(0, Allocations.Least(() => Round()));
    }

    [Fact]
    public void An_empty_one_takes_less_than_200_bytes_and_typical_latencies_4_kilobytes()
    {
        Assert.InRange(new HdrHistogram().EstimatedBytes, 1, 199);
        var random = new SplitMix64(42);
        var h = new HdrHistogram().Record(Enumerable.Range(0, 2_000).Select(_ => Samples.Latency(random)));
        Assert.InRange(h.EstimatedBytes, 1_000, 4_096);
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(3, 1L << 33)]
    [InlineData(5, 1)]
    public void The_estimate_is_what_a_copy_allocates(int digits, long count)
    {
        var h = new HdrHistogram(new HdrGeometry(significantDigits: digits)).Record(Samples.Draw(2));
        h.Record(1, count);
        var clone = h.Clone();
        var allocated = Allocations.Least(() => clone = h.Clone());
        Assert.InRange(clone.EstimatedBytes - allocated, -16, 16);
    }
}
