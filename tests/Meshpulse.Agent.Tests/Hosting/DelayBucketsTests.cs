using System.Buffers;
using System.Text;
using Meshpulse.Agent.Export;
using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Tests.Hosting;

public sealed class DelayBucketsTests
{
    [Fact]
    public void Each_delay_is_in_the_first_bucket_whose_bound_it_does_not_pass()
    {
        var buckets = new DelayBuckets();
        foreach (var nanoseconds in (long[])[-5, 0, 1_000, 1_001, 2_500, 999_999_999, 1_000_000_000, 1_000_000_001, long.MaxValue])
        {
            buckets.Record(new Duration(nanoseconds));
        }

        Assert.Equal(9, buckets.Count);
        var page = Page(buckets);
        Assert.Contains("d_seconds_bucket{what=\"x\",le=\"0.000001\"} 3\n", page, StringComparison.Ordinal);
        Assert.Contains("d_seconds_bucket{what=\"x\",le=\"0.0000025\"} 5\n", page, StringComparison.Ordinal);
        Assert.Contains("d_seconds_bucket{what=\"x\",le=\"0.5\"} 5\n", page, StringComparison.Ordinal);
        Assert.Contains("d_seconds_bucket{what=\"x\",le=\"1\"} 7\n", page, StringComparison.Ordinal);
        Assert.Contains("d_seconds_bucket{what=\"x\",le=\"+Inf\"} 9\n", page, StringComparison.Ordinal);
        Assert.Contains("d_seconds_count{what=\"x\"} 9\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_sum_is_of_seconds_and_a_negative_delay_adds_nothing()
    {
        var buckets = new DelayBuckets();
        buckets.Record(Duration.FromSeconds(2));
        buckets.Record(Duration.FromMilliseconds(500));
        buckets.Record(Duration.FromSeconds(-7));
        Assert.Contains("d_seconds_sum{what=\"x\"} 2.5\n", Page(buckets), StringComparison.Ordinal);
    }

    [Fact]
    public void Recording_allocates_nothing()
    {
        var buckets = new DelayBuckets();
        buckets.Record(new Duration(1));
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                buckets.Record(new Duration(i * 1_000L));
            }
        }));
    }

    private static string Page(DelayBuckets buckets)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new ExpositionWriter(output, ExpositionFormat.PrometheusText);
        writer.Family("d_seconds", MetricKind.Histogram, "d", "seconds");
        buckets.Write(writer, new Label("what", "x"));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
