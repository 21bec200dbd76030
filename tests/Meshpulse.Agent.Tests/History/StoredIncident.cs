using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Agent.History;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Tests.History;

/// <summary>
/// Ninety minutes of a mesh as its nodes would have stored them: calm, but for two minutes in which one direction of one pair lost packets and was slow,
/// and a verdict said so. Linked into the dashboard's tests as well.
/// </summary>
/// <param name="nodes">How they are called.</param>
/// <param name="from">Where the bad direction begins.</param>
/// <param name="to">Where it leads.</param>
/// <param name="end">The last second that is stored; in seconds since 1970.</param>
internal sealed class StoredIncident(IReadOnlyList<string> nodes, string from, string to, long end)
{
    /// <summary>How long the stored time is, in seconds.</summary>
    public const int Length = 5_400;

    /// <summary>How long the direction was bad, in seconds.</summary>
    public const int BadLength = 120;

    /// <summary>Probes of a path in a second.</summary>
    public const int SentPerSecond = 40;

    /// <summary>Those of them that the bad direction lost.</summary>
    public const int LostPerSecond = 12;

    /// <summary>The verdict's number.</summary>
    public const string VerdictId = "v-an-hour-ago";

    // Whoever takes more at once without writing loses the oldest.
    private const int SecondsAtOnce = 20;
    private const int Flows = 4;
    private const long CalmNs = 90_000;
    private const long BadNs = 40_000_000;

    /// <summary>When it began: an hour before the end, in seconds since 1970.</summary>
    public long Began => end - 3_600;

    /// <summary>When it was over.</summary>
    public long Ended => Began + BadLength;

    /// <summary>A moment.</summary>
    public static WallTime At(double second) => new((long)(second * 1e9));

    /// <summary>Writes one node's store, through the agent's own writer.</summary>
    public void Write(string file, string node)
    {
        using var seat = HistoryPlace.Take(file, TimeSpan.Zero);
        using var writer = new HistoryWriter(file, HistoryOptions.DefaultSize, node);
        for (var second = end - Length; second < end; second += SecondsAtOnce)
        {
            var until = second + SecondsAtOnce;
            var rows = new List<(long Second, SeriesName Name, HistoryRow Row)>();
            for (var s = second; s < until; s++)
            {
                rows.AddRange(nodes.Where(n => n != node).Select(peer => (s, new SeriesName(SeriesKind.Path, node, peer, "mesh"), RowOf(node, peer, s))));
            }

            writer.Take(new HistoryBatch(At(until), rows, [], VerdictsIn(second, until)));
            writer.Commit();
        }

        while (writer.Trim())
        {
            // All that is due, as the agent does it.
        }
    }

    private IReadOnlyList<HistoryVerdict> VerdictsIn(long begin, long until) =>
        [.. new[] { VerdictAt(Began + 3, "begun", null), VerdictAt(Ended + 2, "ended", Ended) }.Where(v => v.At >= At(begin) && v.At < At(until))];

    private HistoryVerdict VerdictAt(long said, string change, long? until) => new(At(said), change, new VerdictEntry(
        VerdictId,
        "path.loss",
        new VerdictWhere("path") { From = from, To = to },
        At(Began),
        until is { } over ? At(over) : null,
        0.97,
        [new VerdictEvidenceEntry(from, "packets lost on the way there", (double)LostPerSecond / SentPerSecond, "ratio", 0)],
        "look at the links between the two",
        At(Began + 3),
        0));

    private HistoryRow RowOf(string node, string peer, long second)
    {
        var isBad = second >= Began && second < Ended;
        var (forwardBad, backwardBad) = (isBad && (node, peer) == (from, to), isBad && (node, peer) == (to, from));
        var lost = forwardBad || backwardBad ? LostPerSecond : 0;
        var (forward, backward) = (forwardBad ? BadNs : CalmNs, backwardBad ? BadNs : CalmNs);
        var row = new HistoryRow(HistoryShape.Path);
        foreach (var (name, value) in ((string, long)[])[
            ("covered_ms", 1_000), ("sent", SentPerSecond), ("unsent", 0), ("answered", SentPerSecond - lost), ("late", 0),
            ("lost_forward", forwardBad ? lost : 0), ("lost_backward", backwardBad ? lost : 0), ("lost_unknown", 0), ("delay_bound_ns", 2_000)])
        {
            row.Add(HistoryShape.Path.FigureAt(name), value);
        }

        for (var i = 0; i < SentPerSecond - lost; i++)
        {
            var spread = i * 500;
            row.Record(HistoryShape.Path.HistogramAt("forward")).Record(forward + spread);
            row.Record(HistoryShape.Path.HistogramAt("backward")).Record(backward + spread);
            row.Record(HistoryShape.Path.HistogramAt("round_trip")).Record(forward + backward + (2 * spread));
        }

        row.Add([.. Enumerable.Range(0, Flows).Select(f => new FlowTally(
            40_001 + f, 0, SentPerSecond / Flows, 0, (SentPerSecond - lost) / Flows, 0, forwardBad ? lost / Flows : 0, backwardBad ? lost / Flows : 0, 0, 0, 0))]);
        return row;
    }
}
