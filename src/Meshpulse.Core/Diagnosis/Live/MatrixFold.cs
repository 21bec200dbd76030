namespace Meshpulse.Core.Diagnosis.Live;

/// <summary>From the rows that nodes told to the matrix.</summary>
public static class MatrixFold
{
    /// <summary>The rows of those of whom anybody told anything.</summary>
    /// <param name="names">The order.</param>
    /// <param name="told">What each node told, by that order; those who told nothing are left out.</param>
    public static IReadOnlyList<MatrixRow> Rows(IReadOnlyList<string> names, IReadOnlyDictionary<string, RowCodes> told)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(told);
        var own = new RowCodes?[names.Count];
        for (var i = 0; i < own.Length; i++)
        {
            own[i] = told.TryGetValue(names[i], out var row) ? row.By(names) : null;
        }

        var rows = new List<MatrixRow>(names.Count);
        for (var from = 0; from < own.Length; from++)
        {
            if (Row(own, from) is { } cells)
            {
                rows.Add(new MatrixRow(from, own[from]?.IsRoundTrip ?? false, cells));
            }
        }

        return rows;
    }

    /// <summary>Marks the cells in which one of both is in maintenance.</summary>
    public static void MarkMaintenance(IReadOnlyList<MatrixRow> rows, Func<int, bool> isInMaintenance)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(isInMaintenance);
        foreach (var row in rows)
        {
            var whole = isInMaintenance(row.From);
            for (var to = 0; to < row.Cells.Count; to++)
            {
                if (to != row.From && (whole || isInMaintenance(to)))
                {
                    row.Cells.State[to] = (byte)CellState.Maintenance;
                }
            }
        }
    }

    /// <summary>Marks the cells that a verdict concerns. It says more than "fine" or "silent", and less than that nothing is known, or that it is maintenance.</summary>
    public static void MarkVerdict(IReadOnlyList<MatrixRow> rows, VerdictPlace place, IReadOnlyList<string> names, IReadOnlyList<string?> datacenters)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(datacenters);
        var concerns = PlaceCover.Of(place, names, datacenters);
        foreach (var row in rows)
        {
            for (var to = 0; to < row.Cells.Count; to++)
            {
                if (row.Cells.State[to] <= (byte)CellState.Silent && concerns(row.From, to))
                {
                    row.Cells.State[to] = (byte)CellState.Verdict;
                }
            }
        }
    }

    private static CellTable? Row(RowCodes?[] own, int from)
    {
        CellTable? cells = null;
        for (var to = 0; to < own.Length; to++)
        {
            if (to == from || (own[from] is null && own[to] is null))
            {
                continue;
            }

            cells ??= new CellTable(own.Length);
            cells[to] = CellFold.Combine(own[from]?.Forward[to] ?? MatrixCell.Unknown, own[to]?.Backward[from] ?? MatrixCell.Unknown);
        }

        return cells;
    }
}
