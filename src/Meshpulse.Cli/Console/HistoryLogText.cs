using Meshpulse.Agent.History;
using Meshpulse.Core.Statistics;

namespace Meshpulse.Cli.Console;

/// <summary>
/// Windows of the history as a histogram log. Of one series its first histogram has no tag, since tools show what has none unless they are told otherwise;
/// the others have their names, and with several series the target before them.
/// </summary>
public static class HistoryLogText
{
    /// <summary>The text.</summary>
    public static string Of(IReadOnlyList<HistoryWindows> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        using var text = new StringWriter();
        var log = new HistogramLogWriter(text);
        log.WriteFormatVersion();
        foreach (var answer in answers)
        {
            var shape = HistoryShape.Of(answer.Series.Name.Kind);
            log.WriteComment(SingleLine.Of($"[{answer.Series.Name}: values in {shape.Unit}; {string.Join(", ", shape.Histograms)}]"));
        }

        log.WriteStartTime(answers.Min(a => a.From));
        log.WriteLegend();
        foreach (var (at, series, window) in answers.SelectMany(a => a.Windows.Select(w => (w.From, a.Series, w))).OrderBy(w => w.From))
        {
            Write(log, at, series, window, answers.Count > 1);
        }

        return text.ToString();
    }

    private static void Write(HistogramLogWriter log, Core.Time.WallTime at, HistorySeries series, HistoryWindow window, bool isOneOfMany)
    {
        var shape = window.Row.Shape;
        // The readable maximum is in milliseconds.
        var ratio = shape.Unit == "ns" ? 1_000_000 : 1_000;
        for (var i = 0; i < shape.Histograms.Count; i++)
        {
            if (window.Row.HistogramAt(i) is { TotalCount: > 0 } histogram)
            {
                var tag = isOneOfMany ? Tag($"{series.Name.Target}.{series.Name.Check}.{shape.Histograms[i]}") : i == 0 ? null : shape.Histograms[i];
                log.WriteInterval(at, at + window.Length, histogram, tag, ratio);
            }
        }
    }

    private static string Tag(string text) => string.Concat(text.Select(c => c is ',' or '\r' or '\n' || char.IsWhiteSpace(c) ? '_' : c));
}
