using Meshpulse.Core.Time;

namespace Meshpulse.Agent.History;

/// <summary>The windows of one series over a span; those of which there is nothing are left out.</summary>
/// <param name="Series">Of which series.</param>
/// <param name="From">Where the span begins: a multiple of the step.</param>
/// <param name="To">Where it ends.</param>
/// <param name="Step">How long each window is.</param>
/// <param name="Windows">In order.</param>
public sealed record HistoryWindows(HistorySeries Series, WallTime From, WallTime To, Duration Step, IReadOnlyList<HistoryWindow> Windows)
{
    /// <summary>All windows together; null where there is none. Percentiles of it are those of the whole span.</summary>
    public HistoryRow? Total()
    {
        if (Windows.Count == 0)
        {
            return null;
        }

        var total = new HistoryRow(Windows[0].Row.Shape);
        foreach (var window in Windows)
        {
            total.Add(window.Row);
        }

        return total;
    }
}
