using Meshpulse.Agent.History;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Tests.History;

/// <summary>Makes batches of random windows and knows what has to come out: every value that went in.</summary>
internal sealed class StoreModel(int seed)
{
    private readonly Random _random = new(seed);
    private readonly Dictionary<(SeriesName Name, long Second), HistoryRow> _rows = [];

    public static readonly SeriesName[] Names =
    [
        new(SeriesKind.Path, "a", "b", "mesh"), new(SeriesKind.Path, "a", "c", "mesh"), new(SeriesKind.Heartbeat, "a", "b", "heartbeat"),
        new(SeriesKind.Check, "a", "b", "tcp port=443"), new(SeriesKind.Host, "a", "", "host"),
    ];

    public static WallTime At(double second) => new((long)(second * 1e9));

    /// <summary>A batch of what came in the half second before a moment.</summary>
    public HistoryBatch Batch(double until)
    {
        var second = (long)(until - 0.25);
        var rows = new List<(long Second, SeriesName Name, HistoryRow Row)>();
        foreach (var name in Names.Where(_ => _random.Next(10) > 0))
        {
            var row = Row(name);
            Keep(name, second, row);
            rows.Add((second, name, row));
        }

        return new HistoryBatch(At(until), rows, [], []);
    }

    /// <summary>What a series has from one second to another.</summary>
    public HistoryRow? Sum(SeriesName name, long from, long to)
    {
        HistoryRow? sum = null;
        foreach (var (_, row) in _rows.Where(r => r.Key.Name == name && r.Key.Second >= from && r.Key.Second < to).OrderBy(r => r.Key.Second))
        {
            sum ??= new HistoryRow(row.Shape);
            sum.Add(row);
        }

        return sum;
    }

    /// <summary>All that a row says, to compare it by.</summary>
    public static string Text(HistoryRow? row) => row is null
        ? "nothing"
        : string.Join(' ', row.Shape.Figures.Select(f => $"{f.Name}={row.Figure(f.Name)}"))
            + string.Join(' ', row.Shape.Histograms.Select(h => row.Histogram(h) is { TotalCount: > 0 } histogram ? $"{h}={Convert.ToHexString(HdrEncoding.Encode(histogram))}" : ""))
            + string.Join(' ', row.Flows.OrderBy(f => f.SourcePort));

    private void Keep(SeriesName name, long second, HistoryRow row)
    {
        if (!_rows.TryGetValue((name, second), out var kept))
        {
            _rows.Add((name, second), kept = new HistoryRow(row.Shape));
        }

        kept.Add(row);
    }

    private HistoryRow Row(SeriesName name)
    {
        var row = new HistoryRow(HistoryShape.Of(name.Kind));
        for (var i = 0; i < row.Shape.Figures.Count; i++)
        {
            row.Add(i, _random.Next(4) == 0 ? null : _random.Next(-5, 300));
        }

        for (var i = 0; i < row.Shape.Histograms.Count; i++)
        {
            for (var values = _random.Next(12); values > 0; values--)
            {
                row.Record(i).Record((long)Math.Exp(_random.NextDouble() * 20));
            }
        }

        if (row.Shape.HasFlows)
        {
            row.Add([.. Enumerable.Range(0, _random.Next(9)).Select(f => new FlowTally(40_000 + f, f % 2, _random.Next(9), 0, _random.Next(3), 0, 0, _random.Next(2), 0, 0, 0))]);
        }

        return row;
    }
}
