using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Hosting;

/// <summary>
/// How late the probing thread woke up. Belongs to the collector. The seed's buckets are too wide for it (10 to 100 us holds
/// nearly all), so the report window is kept with three digits beside them.
/// </summary>
internal sealed class WakeErrors
{
    private readonly HdrHistogram _window = new();

    /// <summary>Since the start, in the seed's buckets.</summary>
    public ExplicitBuckets Buckets { get; } = new(Measurement.Bounds);

    /// <summary>Percentiles of the last report window that had any wake-up, as label and duration.</summary>
    public IReadOnlyList<(string Percentile, Duration Lateness)> LastWindow { get; private set; } = [];

    /// <summary>Counts a wake-up; one that was early counts as punctual.</summary>
    public void Record(Duration lateness)
    {
        var microseconds = Math.Max(0, lateness.Microseconds);
        Buckets.Record(microseconds);
        _window.Record(microseconds);
    }

    /// <summary>Ends the report window.</summary>
    public void CloseWindow()
    {
        if (_window.TotalCount > 0)
        {
            LastWindow = [("50", At(50)), ("99", At(99)), ("99.9", At(99.9)), ("100", At(100))];
            _window.Reset();
        }
    }

    private Duration At(double percentile) => new(_window.ValueAtPercentile(percentile) * 1_000);
}
