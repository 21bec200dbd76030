using System.Collections.Immutable;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Hosting;

/// <summary>
/// One figure of one peer: a histogram of the report window, one since the peer was first seen, and the exact counters of
/// the seed's Prometheus buckets. Microseconds throughout.
/// </summary>
internal sealed class Measurement
{
    /// <summary>The seed's buckets, in microseconds.</summary>
    public static readonly ImmutableArray<long> Bounds =
    [
        10, 100, 500, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000, 9_000, 10_000, 20_000, 30_000, 40_000, 50_000,
        100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000,
    ];

    private const int TrimAbove = 8 * 1024;

    private readonly HdrHistogram _window = new();

    /// <summary>All values since the peer was first seen.</summary>
    public HdrHistogram Cumulative { get; } = new();

    /// <summary>The same in the seed's buckets.</summary>
    public ExplicitBuckets Buckets { get; } = new(Bounds);

    /// <summary>Counts a value.</summary>
    public void Record(Duration value)
    {
        var microseconds = MicrosecondsOf(value);
        _window.Record(microseconds);
        Buckets.Record(microseconds);
    }

    /// <summary>Counts an interval, and those that a long one kept from being observed.</summary>
    public void RecordInterval(Duration interval, Duration expected)
    {
        var (microseconds, expectedMicroseconds) = (MicrosecondsOf(interval), MicrosecondsOf(expected));
        _window.RecordWithExpectedInterval(microseconds, expectedMicroseconds);
        Buckets.RecordWithExpectedInterval(microseconds, expectedMicroseconds);
    }

    /// <summary>Ends the window: its figures, and it begins anew.</summary>
    public WindowFigures CloseWindow()
    {
        var figures = _window.TotalCount == 0
            ? default
            : new WindowFigures(
                _window.TotalCount,
                _window.ExactMax / 1e3,
                Math.Min(_window.Mean, _window.ExactMax) / 1e3,
                Percentile(99),
                Percentile(99.9),
                Percentile(99.99));
        Cumulative.Add(_window);
        _window.Reset();
        if (_window.EstimatedBytes > TrimAbove)
        {
            // After a long gap the window had a counter for each omitted value; an ordinary one needs a tenth of that.
            _window.TrimExcess();
        }

        return figures;
    }

    /// <summary>In milliseconds. A percentile is the top of its bucket, and a mean is made of their middles; above the maximum, which is exact, either would look wrong.</summary>
    private double Percentile(double percentile) => Math.Min(_window.ValueAtPercentile(percentile), _window.ExactMax) / 1e3;

    // Divided before rounding: the delta of a made-up stamp is as long as a span can be, and adding to that turns it negative.
    public static long MicrosecondsOf(Duration value) => (value.Nanoseconds / 1_000) + (value.Nanoseconds % 1_000 >= 500 ? 1 : 0);
}
