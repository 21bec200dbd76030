using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Tests.Hosting;

public sealed class MeasurementTests
{
    private static readonly Duration s_interval = Duration.FromMilliseconds(5);

    [Fact]
    public void A_window_without_data_says_nothing_and_never_zero()
    {
        var measurement = new Measurement();
        Assert.Equal(new WindowFigures(0, null, null, null, null, null), measurement.CloseWindow());
        measurement.Record(Duration.FromMilliseconds(1));
        Assert.NotNull(measurement.CloseWindow().Max);
        Assert.Equal(default, measurement.CloseWindow());
    }

    [Fact]
    public void Figures_are_in_milliseconds()
    {
        var measurement = new Measurement();
        for (var i = 1; i <= 1_000; i++)
        {
            measurement.Record(Duration.FromMicroseconds(i));
        }

        var figures = measurement.CloseWindow();
        Assert.Equal((1_000, 1.0, 0.99, 0.999, 1.0), (figures.Count, figures.Max, figures.P99, figures.P999, figures.P9999));
        Assert.Equal(0.5005, figures.Mean!.Value, 4);
    }

    [Fact]
    public void No_figure_is_above_the_maximum()
    {
        var measurement = new Measurement();
        // In the lower half of its bucket.
        measurement.Record(Duration.FromMicroseconds(888_900));
        var figures = measurement.CloseWindow();
        Assert.Equal((888.9, 888.9, 888.9, 888.9, 888.9), (figures.Max, figures.Mean, figures.P99, figures.P999, figures.P9999));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(499, 0)]
    [InlineData(500, 1)]
    [InlineData(1_499, 1)]
    [InlineData(1_500, 2)]
    [InlineData(-1, 0)]
    [InlineData(long.MinValue, 0)]
    [InlineData(long.MaxValue, HdrGeometry.DefaultHighest)]
    [InlineData(long.MaxValue - 400, HdrGeometry.DefaultHighest)]
    public void A_value_is_rounded_to_the_nearest_microsecond_whatever_its_size(long nanoseconds, long expected)
    {
        var measurement = new Measurement();
        measurement.Record(new Duration(nanoseconds));
        measurement.CloseWindow();
        Assert.Equal(expected, measurement.Cumulative.ExactMax);
        Assert.Equal(expected, (long)measurement.Buckets.Sum);
    }

    [Fact]
    public void A_long_interval_counts_for_those_that_it_hid_in_both_histograms()
    {
        var measurement = new Measurement();
        measurement.RecordInterval(Duration.FromMilliseconds(20), s_interval);
        var figures = measurement.CloseWindow();
        Assert.Equal((4, 20.0), (figures.Count, figures.Max));
        Assert.Equal(12.5, figures.Mean!.Value, 1);
        Assert.Equal((4, 50_000), (measurement.Buckets.TotalCount, (long)measurement.Buckets.Sum));
        Assert.Equal(4, measurement.Cumulative.TotalCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Windows_add_up_to_the_cumulative_histogram(ulong seed)
    {
        var random = new SplitMix64(seed);
        var (measurement, whole, count) = (new Measurement(), new HdrHistogram(), 0L);
        for (var window = 0; window < 20; window++)
        {
            for (var i = random.Below(500); i > 0; i--)
            {
                var microseconds = random.Below(100_000);
                measurement.Record(Duration.FromMicroseconds(microseconds));
                whole.Record(microseconds);
            }

            count += measurement.CloseWindow().Count;
        }

        Assert.Equal(whole.TotalCount, count);
        Assert.Equal(whole.Buckets, measurement.Cumulative.Buckets);
        Assert.Equal(count, measurement.Buckets.TotalCount);
    }

    [Fact]
    public void A_day_long_gap_is_measured_and_its_room_given_back()
    {
        var series = new PeerSeries(default);
        series.Receive.RecordInterval(Duration.FromSeconds(86_400), s_interval);
        var report = series.CloseWindow("x", default);
        Assert.Equal(86_400_000.0, report.Receive.Max);
        Assert.Equal(17_280_000, report.Receive.Count);
    }

    [Fact]
    public void The_sign_of_the_delta_is_kept_beside_its_size()
    {
        var series = new PeerSeries(default);
        series.TakeDelta(Duration.FromMilliseconds(-3));
        series.TakeDelta(Duration.FromMilliseconds(2));
        Assert.Equal((Duration.FromMilliseconds(-3), Duration.FromMilliseconds(2)), series.SignedDelta);
        var report = series.CloseWindow("x", default);
        Assert.Equal((2, 3.0), (report.Delta.Count, report.Delta.Max));
        Assert.Equal((null, (Duration.FromMilliseconds(-3), Duration.FromMilliseconds(2))), (series.SignedDelta, series.LastSignedDelta!.Value));
        series.CloseWindow("x", default);
        Assert.Null(series.LastSignedDelta);
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(-long.MaxValue)]
    [InlineData(long.MaxValue)]
    public void The_delta_of_a_made_up_stamp_is_the_longest_and_not_zero(long nanoseconds)
    {
        var series = new PeerSeries(default);
        series.TakeDelta(new Duration(nanoseconds));
        Assert.Equal(HdrGeometry.DefaultHighest / 1e3, series.CloseWindow("x", default).Delta.Max);
        Assert.Equal(Math.Sign(nanoseconds), Math.Sign(series.LastSignedDelta!.Value.Min.Nanoseconds));
    }
}
