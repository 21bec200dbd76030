using Meshpulse.Core.Statistics;

namespace Meshpulse.Agent.History;

/// <summary>
/// What one series did in one window, of whatever length: figures, histograms, flows. Windows are put together by <see cref="Add(HistoryRow)"/>, which
/// adds counts and histograms, so that a percentile over any span is that of all its values and not a mean of percentiles. One owner at a time.
/// </summary>
public sealed class HistoryRow
{
    private readonly long?[] _figures;
    private readonly HdrHistogram?[] _histograms;
    private List<FlowTally>? _flows;

    /// <summary>Nothing happened.</summary>
    public HistoryRow(HistoryShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        Shape = shape;
        _figures = new long?[shape.Figures.Count];
        _histograms = new HdrHistogram?[shape.Histograms.Count];
    }

    /// <summary>What it holds.</summary>
    public HistoryShape Shape { get; }

    /// <summary>The flows, by port and code point; none where the kind has no flows.</summary>
    public IReadOnlyList<FlowTally> Flows => _flows ?? [];

    /// <summary>A figure; null where nothing is known of it. Losses of a single window can be below zero: they were taken back in it.</summary>
    /// <param name="name">One of <see cref="HistoryShape.Figures"/>.</param>
    public long? Figure(string name) => _figures[Shape.FigureAt(name)];

    /// <summary>The same by its place.</summary>
    public long? FigureAt(int place) => _figures[place];

    /// <summary>A histogram in the shape's unit; null where it has no values. Not to be changed.</summary>
    /// <param name="name">One of <see cref="HistoryShape.Histograms"/>.</param>
    public HdrHistogram? Histogram(string name) => _histograms[Shape.HistogramAt(name)];

    /// <summary>The same by its place.</summary>
    public HdrHistogram? HistogramAt(int place) => _histograms[place];

    /// <summary>Takes in a later window of the same kind.</summary>
    public void Add(HistoryRow other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (var i = 0; i < _figures.Length; i++)
        {
            Add(i, other._figures[i]);
        }

        for (var i = 0; i < _histograms.Length; i++)
        {
            if (other._histograms[i] is { } histogram)
            {
                Record(i).Add(histogram);
            }
        }

        Add(other.Flows);
    }

    /// <summary>Takes in a figure of a later window; nothing where it is not known.</summary>
    internal void Add(int place, long? value)
    {
        if (value is not { } more)
        {
            return;
        }

        _figures[place] = _figures[place] is not { } known ? more : Shape.Figures[place].Merge switch
        {
            FigureMerge.Sum => known + more,
            FigureMerge.Max => Math.Max(known, more),
            FigureMerge.Min => Math.Min(known, more),
            _ => more,
        };
    }

    /// <summary>A histogram to record into.</summary>
    internal HdrHistogram Record(int place) => _histograms[place] ??= new HdrHistogram(Shape.Geometry);

    /// <summary>Takes in the values of a histogram, whatever its layout.</summary>
    internal void Add(int place, HdrHistogram values)
    {
        if (values.TotalCount > 0)
        {
            Record(place).Add(values);
        }
    }

    /// <summary>Puts a histogram that was read.</summary>
    internal void Set(int place, HdrHistogram histogram) => _histograms[place] = histogram;

    /// <summary>Takes in flows.</summary>
    internal void Add(IReadOnlyList<FlowTally> flows)
    {
        if (flows.Count == 0)
        {
            return;
        }

        _flows ??= new List<FlowTally>(flows.Count);
        for (var i = 0; i < flows.Count; i++)
        {
            var flow = flows[i];
            // Nearly always they come in the same order.
            var at = i < _flows.Count && IsSame(_flows[i], flow) ? i : _flows.FindIndex(f => IsSame(f, flow));
            if (at >= 0)
            {
                _flows[at] = _flows[at].Plus(flow);
            }
            else
            {
                _flows.Add(flow);
            }
        }
    }

    private static bool IsSame(in FlowTally a, in FlowTally b) => (a.SourcePort, a.Dscp) == (b.SourcePort, b.Dscp);
}
