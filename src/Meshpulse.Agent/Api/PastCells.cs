using Meshpulse.Agent.History;
using Meshpulse.Core.Diagnosis.Live;

namespace Meshpulse.Agent.Api;

/// <summary>From what the store has of a path to a cell of the matrix as it was.</summary>
internal static class PastCells
{
    /// <summary>One direction of a path.</summary>
    /// <param name="row">What was, then.</param>
    /// <param name="before">What was in the minutes before; null for nothing.</param>
    /// <param name="lost">The figure of its losses.</param>
    /// <param name="delays">The histogram of its delays.</param>
    public static MatrixCell Of(HistoryRow row, HistoryRow? before, string lost, string delays)
    {
        if (row.Figure("sent") is not (> 0 and var sent))
        {
            return MatrixCell.Unknown;
        }

        if ((row.Figure("answered") ?? 0) + (row.Figure("late") ?? 0) == 0)
        {
            return MatrixCell.Unknown with { Loss = CellCodes.OfLoss(1), State = CellState.Silent };
        }

        var told = row.Histogram(delays) is { TotalCount: > 0 } histogram ? histogram : null;
        var usual = before?.Histogram(delays) is { TotalCount: > 0 } earlier ? earlier.ValueAtPercentile(50) : 0;
        var middle = told?.ValueAtPercentile(50);
        return new MatrixCell(
            CellCodes.OfLoss((double)Math.Max(0, row.Figure(lost) ?? 0) / sent),
            CellCodes.OfDelay(middle / 1e3),
            CellCodes.OfDelay(told?.ValueAtPercentile(99) / 1e3),
            CellCodes.OfRatio(usual > 0 ? (double?)middle / usual : null),
            CellState.Fine);
    }
}
