using System.Globalization;
using System.Text;
using Meshpulse.Agent.History;
using Meshpulse.Core.Statistics;

namespace Meshpulse.Cli.Console;

/// <summary>Windows of the history as tables for people: a line for each step, and one for all of them together.</summary>
public static class HistoryText
{
    /// <summary>The text, times in UTC.</summary>
    public static string Of(IReadOnlyList<HistoryWindows> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        return string.Join('\n', answers.Select(Of));
    }

    private static string Of(HistoryWindows answer)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{SingleLine.Of(answer.Series.Name.ToString())}, steps of {answer.Step.Seconds} s, times in UTC\n");
        if (answer.Windows.Count == 0)
        {
            return text.Append(CultureInfo.InvariantCulture, $"nothing from {ReportTime.Text(answer.From)} to {ReportTime.Text(answer.To)}\n").ToString();
        }

        var columns = ColumnsOf(answer.Series.Name.Kind);
        text.Append("                   ").AppendJoin("", columns.Select(c => c.Name.PadLeft(c.Width))).Append('\n');
        foreach (var window in answer.Windows)
        {
            Append(text, ReportTime.Text(window.From), window.Row, columns);
        }

        Append(text, "together", answer.Total()!, columns);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string title, HistoryRow row, List<Column> columns) =>
        text.Append(title.PadRight(19)).AppendJoin("", columns.Select(c => c.Of(row).PadLeft(c.Width))).Append('\n');

    private static List<Column> ColumnsOf(SeriesKind kind) => kind switch
    {
        SeriesKind.Path =>
        [
            Count("sent"), Count("unsent"), Count("lost_forward", "lost->"), Count("lost_backward", "lost<-"), Count("lost_unknown", "lost?"), Count("late"),
            .. Delays("round_trip", "rtt"), .. Delays("forward", "->"), .. Delays("backward", "<-"),
        ],
        SeriesKind.Heartbeat =>
        [
            Count("sent"), Count("unsent_late", "unsent"), Count("received"), Count("gaps"),
            .. Delays("receive", "receive"), .. Delays("delta", "delta"), .. Delays("send", "send"),
        ],
        SeriesKind.Check => [Count("sent"), Count("unsent"), Count("answered"), Count("lost"), Count("late"), .. Delays("round_trip", "rtt")],
        _ =>
        [
            Count("stalls"), Time("longest_stall_us", "stall"), Time("frozen_us", "frozen"), Time("run_queue_us", "runqueue"), Share("allowed_busy_us", "busy"),
            Share("allowed_steal_us", "steal"), Time("throttled_us", "throttled"), Time("cpu_pressure_us", "psi-cpu"), Time("io_pressure_us", "psi-io"),
            Time("memory_pressure_us", "psi-mem"), Time("runtime_pauses_us", "gc"), Count("receive_drops", "drops"),
        ],
    };

    private static Column Count(string figure, string? name = null) =>
        new(name ?? figure, 10, row => row.Figure(figure)?.ToString(CultureInfo.InvariantCulture) ?? "-");

    /// <summary>Microseconds as milliseconds.</summary>
    private static Column Time(string figure, string name) =>
        new(name, 11, row => row.Figure(figure) is { } us ? $"{(us / 1e3).ToString("0.0", CultureInfo.InvariantCulture)}ms" : "-");

    /// <summary>Of the CPUs that we may use.</summary>
    private static Column Share(string figure, string name) => new(name, 7, row =>
    {
        var all = (row.Figure("allowed_busy_us") ?? 0) + (row.Figure("allowed_idle_us") ?? 0) + (row.Figure("allowed_iowait_us") ?? 0) + (row.Figure("allowed_steal_us") ?? 0);
        return all > 0 && row.Figure(figure) is { } part ? $"{(100.0 * part / all).ToString("0", CultureInfo.InvariantCulture)}%" : "-";
    });

    private static Column[] Delays(string histogram, string name) =>
        [Delay(histogram, $"{name} p50", h => h.ValueAtPercentile(50)), Delay(histogram, "p99", h => h.ValueAtPercentile(99)), Delay(histogram, "max", h => h.Max)];

    /// <summary>In milliseconds, with as many digits as the store tells apart.</summary>
    private static Column Delay(string histogram, string name, Func<HdrHistogram, long> of) => new(name, name.Length > 4 ? 12 : 10, row =>
        row.Histogram(histogram) is { TotalCount: > 0 } values
            ? (of(values) / (row.Shape.Unit == "ns" ? 1e6 : 1e3)).ToString("0.000", CultureInfo.InvariantCulture)
            : "-");

    private sealed record Column(string Name, int Width, Func<HistoryRow, string> Of);
}
