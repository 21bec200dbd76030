using System.Collections.Immutable;
using Meshpulse.Core.Checks;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Paths;

/// <summary>Everything that is kept of one path. Belongs to the collector.</summary>
internal sealed class PathSeries
{
    /// <summary>Upper bounds of the delay buckets in nanoseconds: fine where a rack's delays are, wide enough for the longest timeout.</summary>
    public static readonly ImmutableArray<long> Bounds =
    [
        10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000,
        250_000_000, 500_000_000, 1_000_000_000, 2_500_000_000, 10_000_000_000, 60_000_000_000,
    ];

    /// <summary>Those of them that are served unless all are asked for.</summary>
    public static readonly ImmutableArray<long> BriefBounds =
    [
        25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 100_000_000, 1_000_000_000,
    ];

    /// <summary>The same of how much delays vary: magnitudes are enough.</summary>
    public static readonly ImmutableArray<long> VariationBounds = [10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];

    private const long LongestDelay = 86_400_000_000_000;

    private readonly PathMeter _meter;
    private readonly FlowWatch _watch;
    private readonly Queue<(MonoTime Until, PathCounts Counts)> _recent = [];
    // As far as the last report looked back; nobody looks at those of the mesh.
    private Duration _lookedBack;
    private long _stepsAtCut;

    public PathSeries(PathLabels labels, PathSettings settings, bool isProven, MonoTime now)
    {
        (Labels, Settings, IsProven) = (labels, settings, isProven);
        _meter = new PathMeter(settings, now);
        _watch = new FlowWatch(settings);
        News = new PathNews();
    }

    public PathLabels Labels { get; set; }

    public PathSettings Settings { get; }

    /// <summary>The target is known to speak STAMP.</summary>
    public bool IsProven { get; set; }

    /// <summary>The last window; null before the first is over, and while the target does not answer to what it is asked now and then.</summary>
    public PathWindow? Window { get; private set; }

    /// <summary>All windows together.</summary>
    public PathCounts Counts => _meter.Counts;

    public StampCounts Stamps => _meter.Stamps;

    public long ClockSteps => _meter.Steps;

    public ClockStep? LastStep => _meter.LastStep;

    /// <summary>The step of a clock that was noticed in the last window; null for none.</summary>
    public ClockStep? StepInWindow { get; private set; }

    public bool? IsSynchronised => _meter.IsSynchronised;

    public ExplicitBuckets RoundTrip { get; } = NewBuckets();

    public ExplicitBuckets Forward { get; } = NewBuckets();

    public ExplicitBuckets Backward { get; } = NewBuckets();

    public ExplicitBuckets ForwardVariation { get; } = new(VariationBounds, LongestDelay);

    public ExplicitBuckets BackwardVariation { get; } = new(VariationBounds, LongestDelay);

    /// <summary>Each flow's totals since the path is probed.</summary>
    public IReadOnlyList<FlowTotals> Flows => _meter.Totals;

    /// <summary>The numbers of the flows that lose everything while others do not.</summary>
    public IReadOnlyList<int> DeadFlows => _watch.Dead;

    /// <summary>Its flows without a socket, as of the last time that something was told of them.</summary>
    public SocketGap Gap { get; private set; }

    /// <summary>What was told of it.</summary>
    public PathNews News { get; }

    /// <summary>What a report says of it.</summary>
    /// <param name="window">How far back the counts go, in whole seconds.</param>
    public PathFigures FiguresOf(Duration window)
    {
        _lookedBack = window;
        Forget();
        var recent = default(PathCounts);
        foreach (var (_, counts) in _recent)
        {
            recent = recent.Plus(counts);
        }

        return new PathFigures(recent.WithoutOlderLosses(), Window, DeadFlows.Count);
    }

    public void Take(in PathSample sample)
    {
        switch (sample.Kind)
        {
            case PathSampleKind.Exchange:
                _ = _meter.Add(sample.Exchange);
                break;
            case PathSampleKind.Totals:
                _meter.Add(sample.Totals);
                break;
            case PathSampleKind.Window:
                Cut(sample.Moment);
                break;
            case PathSampleKind.SocketGap:
                Gap = sample.Gap;
                break;
            default:
                IsProven = sample.Kind == PathSampleKind.Proven;
                // It would look like the present for as long as nothing is measured.
                Window = IsProven ? Window : null;
                break;
        }
    }

    private static ExplicitBuckets NewBuckets() => new(Bounds, LongestDelay);

    private void Cut(in PathMoment moment)
    {
        var window = _meter.Cut(moment);
        Window = window;
        StepInWindow = _meter.Steps > _stepsAtCut ? _meter.LastStep : null;
        _stepsAtCut = _meter.Steps;
        _watch.Take(window);
        _recent.Enqueue((window.Until, window.Counts));
        Forget();

        Accumulate(window.Delays.RoundTrip, RoundTrip);
        Accumulate(window.Delays.Forward, Forward);
        Accumulate(window.Delays.Backward, Backward);
        Accumulate(window.Delays.ForwardVariation, ForwardVariation);
        Accumulate(window.Delays.BackwardVariation, BackwardVariation);
    }

    private void Forget()
    {
        while (Window is { } last && _recent.TryPeek(out var oldest) && oldest.Until <= last.Until - _lookedBack)
        {
            _ = _recent.Dequeue();
        }
    }

    private static void Accumulate(HdrHistogram window, ExplicitBuckets sum)
    {
        foreach (var bucket in window.Buckets)
        {
            sum.Record(bucket.Lowest + ((bucket.Highest - bucket.Lowest) / 2), bucket.Count);
        }
    }
}
