using System.Globalization;
using System.Text;
using Meshpulse.Agent.History;

namespace Meshpulse.Cli.Console;

/// <summary>Windows of the history as comma-separated values (RFC 4180, lines end as on Unix): a line for each step; what is not known is empty.</summary>
public static class HistoryCsv
{
    private static readonly (string Name, double Percentile)[] s_percentiles = [("p50", 50), ("p90", 90), ("p99", 99), ("p999", 99.9), ("max", 100)];

    /// <summary>The text; all series are of one kind.</summary>
    public static string Of(IReadOnlyList<HistoryWindows> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        var shape = HistoryShape.Of(answers[0].Series.Name.Kind);
        var text = new StringBuilder();
        text.AppendJoin(',', ["time", "step_seconds", "source", "target", "check", .. shape.Figures.Select(f => f.Name), .. shape.Histograms.SelectMany(h => ColumnsOf(h, shape.Unit))]).Append('\n');
        foreach (var answer in answers)
        {
            foreach (var window in answer.Windows)
            {
                Append(text, answer, window);
            }
        }

        return text.ToString();
    }

    internal static string Field(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static void Append(StringBuilder text, HistoryWindows answer, HistoryWindow window)
    {
        var (name, row) = (answer.Series.Name, window.Row);
        text.AppendJoin(',', new[] { ReportTime.Json(window.From), Number(answer.Step.Seconds), name.Source, name.Target, name.Check }.Select(Field));
        for (var i = 0; i < row.Shape.Figures.Count; i++)
        {
            text.Append(',').Append(row.FigureAt(i) is { } value ? value.ToString(CultureInfo.InvariantCulture) : "");
        }

        for (var i = 0; i < row.Shape.Histograms.Count; i++)
        {
            var histogram = row.HistogramAt(i) is { TotalCount: > 0 } values ? values : null;
            text.Append(',').Append((histogram?.TotalCount ?? 0).ToString(CultureInfo.InvariantCulture));
            foreach (var (_, percentile) in s_percentiles)
            {
                text.Append(',').Append(histogram?.ValueAtPercentile(percentile).ToString(CultureInfo.InvariantCulture));
            }
        }

        text.Append('\n');
    }

    private static IEnumerable<string> ColumnsOf(string histogram, string unit) =>
        s_percentiles.Select(p => $"{histogram}_{p.Name}_{unit}").Prepend($"{histogram}_count");

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
