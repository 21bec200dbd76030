using System.Text;
using System.Text.Json;
using Meshpulse.Agent.History;
using Meshpulse.Core.Statistics;

namespace Meshpulse.Cli.Console;

/// <summary>Windows of the history as one JSON object. Delays are in milliseconds, as in all our JSON.</summary>
public static class HistoryJson
{
    private static readonly (string Name, double Percentile)[] s_percentiles = [("p50", 50), ("p90", 90), ("p99", 99), ("p999", 99.9)];

    /// <summary>The whole document, with its line feed.</summary>
    /// <param name="node">Whose history it is.</param>
    /// <param name="answers">What was found, a series each.</param>
    public static string Of(string node, IReadOnlyList<HistoryWindows> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("node", node);
            json.WriteStartArray("series");
            foreach (var answer in answers)
            {
                Write(json, answer);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    internal static void WriteName(Utf8JsonWriter json, SeriesName name)
    {
        json.WriteString("kind", HistoryShape.Of(name.Kind).Name);
        json.WriteString("source", name.Source);
        json.WriteString("target", name.Target);
        json.WriteString("check", name.Check);
    }

    private static void Write(Utf8JsonWriter json, HistoryWindows answer)
    {
        json.WriteStartObject();
        WriteName(json, answer.Series.Name);
        json.WriteString("from", ReportTime.Json(answer.From));
        json.WriteString("to", ReportTime.Json(answer.To));
        json.WriteNumber("step_seconds", answer.Step.Seconds);
        json.WritePropertyName("total");
        if (answer.Total() is { } total)
        {
            json.WriteStartObject();
            Write(json, total);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteStartArray("windows");
        foreach (var window in answer.Windows)
        {
            json.WriteStartObject();
            json.WriteString("at", ReportTime.Json(window.From));
            Write(json, window.Row);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, HistoryRow row)
    {
        foreach (var figure in row.Shape.Figures)
        {
            JsonNumbers.WriteNumber(json, figure.Name, row.Figure(figure.Name));
        }

        var perMillisecond = row.Shape.Unit == "ns" ? 1e6 : 1e3;
        foreach (var name in row.Shape.Histograms)
        {
            Write(json, $"{name}_ms", row.Histogram(name), perMillisecond);
        }

        if (row.Shape.HasFlows)
        {
            json.WriteStartArray("flows");
            foreach (var flow in row.Flows)
            {
                Write(json, flow);
            }

            json.WriteEndArray();
        }
    }

    private static void Write(Utf8JsonWriter json, string name, HdrHistogram? histogram, double perMillisecond)
    {
        if (histogram is not { TotalCount: > 0 })
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("count", histogram.TotalCount);
        JsonNumbers.WriteMilliseconds(json, "min", histogram.Min / perMillisecond);
        JsonNumbers.WriteMilliseconds(json, "mean", histogram.Mean / perMillisecond);
        foreach (var (label, percentile) in s_percentiles)
        {
            JsonNumbers.WriteMilliseconds(json, label, histogram.ValueAtPercentile(percentile) / perMillisecond);
        }

        JsonNumbers.WriteMilliseconds(json, "max", histogram.Max / perMillisecond);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, FlowTally flow)
    {
        json.WriteStartObject();
        json.WriteNumber("source_port", flow.SourcePort);
        json.WriteNumber("dscp", flow.Dscp);
        json.WriteNumber("sent", flow.Sent);
        json.WriteNumber("unsent", flow.Unsent);
        json.WriteNumber("answered", flow.Answered);
        json.WriteNumber("late", flow.Late);
        json.WriteNumber("lost_forward", flow.LostForward);
        json.WriteNumber("lost_backward", flow.LostBackward);
        json.WriteNumber("lost_unknown", flow.LostUnknown);
        json.WriteNumber("duplicates", flow.Duplicates);
        json.WriteNumber("reordered", flow.Reordered);
        json.WriteEndObject();
    }
}
