using Meshpulse.Core.Statistics;

namespace Meshpulse.Agent.History;

/// <summary>
/// What a window of a kind holds: figures and histograms by name. The tables of the store, the columns of CSV and the names in JSON all come from
/// here, so that they can't differ.
/// </summary>
public sealed class HistoryShape
{
    // Two digits: percentiles to one percent. Three would take about twice the bytes, and no chart shows the difference.
    private static readonly HdrGeometry s_nanoseconds = new(86_400_000_000_000, 2, 64);
    private static readonly HdrGeometry s_microseconds = new(HdrGeometry.DefaultHighest, 2);

    private HistoryShape(SeriesKind kind, HdrGeometry geometry, HistoryFigure[] figures, string[] histograms, bool hasFlows)
    {
        (Kind, Geometry, Figures, Histograms, HasFlows) = (kind, geometry, figures, histograms, hasFlows);
        Name = kind switch
        {
            SeriesKind.Path => "path",
            SeriesKind.Heartbeat => "heartbeat",
            SeriesKind.Check => "check",
            _ => "host",
        };
    }

    /// <summary>A STAMP path; histograms in nanoseconds.</summary>
    public static HistoryShape Path { get; } = new(
        SeriesKind.Path,
        s_nanoseconds,
        [
            new("covered_ms"), new("sent"), new("unsent"), new("answered"), new("late"), new("lost_forward"), new("lost_backward"), new("lost_unknown"),
            new("duplicates"), new("reordered"), new("corrupted"), new("strays"), new("epochs"), new("receive_drops"),
            new("reordering_extent", FigureMerge.Max), new("delay_bound_ns", FigureMerge.Max), new("queue_free_ns", FigureMerge.Min),
            new("offset_low_ns", FigureMerge.Last), new("offset_high_ns", FigureMerge.Last), new("clock_steps"),
            new("mtu_passes", FigureMerge.Last), new("mtu_fails", FigureMerge.Last),
        ],
        ["round_trip", "forward", "backward", "forward_variation", "backward_variation"],
        hasFlows: true);

    /// <summary>Heartbeats; histograms in microseconds, as the mesh's table has them.</summary>
    public static HistoryShape Heartbeat { get; } = new(
        SeriesKind.Heartbeat,
        s_microseconds,
        [
            new("sent"), new("sent_late"), new("unsent_late"), new("unsent_backpressure"), new("received"), new("received_bunched"), new("received_reconstructed"),
            new("gaps"), new("longest_gap_us", FigureMerge.Max), new("connects"),
        ],
        ["receive", "delta", "send"],
        hasFlows: false);

    /// <summary>A check that sees round trips only; histograms in nanoseconds.</summary>
    public static HistoryShape Check { get; } = new(
        SeriesKind.Check,
        s_nanoseconds,
        [new("sent"), new("sent_late"), new("unsent"), new("answered"), new("lost"), new("late"), new("duplicates"), new("icmp_errors")],
        ["round_trip"],
        hasFlows: false);

    /// <summary>The host's vitals; no histograms.</summary>
    public static HistoryShape Host { get; } = new(SeriesKind.Host, s_nanoseconds, VitalsRow.Figures, [], hasFlows: false);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<HistoryShape> All { get; } = [Path, Heartbeat, Check, Host];

    /// <summary>Of what.</summary>
    public SeriesKind Kind { get; }

    /// <summary>How it is called in the store and outside.</summary>
    public string Name { get; }

    /// <summary>The layout of its histograms.</summary>
    public HdrGeometry Geometry { get; }

    /// <summary>What the values of its histograms are: <c>ns</c> or <c>us</c>.</summary>
    public string Unit => Geometry == s_microseconds ? "us" : "ns";

    /// <summary>Its figures, in order.</summary>
    public IReadOnlyList<HistoryFigure> Figures { get; }

    /// <summary>The names of its histograms, in order.</summary>
    public IReadOnlyList<string> Histograms { get; }

    /// <summary>Whether windows tell the flows apart.</summary>
    public bool HasFlows { get; }

    /// <summary>That of a kind.</summary>
    public static HistoryShape Of(SeriesKind kind) => All[(int)kind];

    /// <summary>The place of a figure.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public int FigureAt(string name) => PlaceOf(Figures.Select(f => f.Name), name);

    /// <summary>The place of a histogram.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public int HistogramAt(string name) => PlaceOf(Histograms, name);

    private int PlaceOf(IEnumerable<string> names, string name)
    {
        var at = 0;
        foreach (var other in names)
        {
            if (other == name)
            {
                return at;
            }

            at++;
        }

        throw new ArgumentException($"A {Name} has no {name}.", nameof(name));
    }
}
