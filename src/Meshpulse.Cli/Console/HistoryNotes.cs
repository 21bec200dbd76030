using System.Globalization;
using System.Text;
using System.Text.Json;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Agent.History;
using Meshpulse.Cli.Commands;

namespace Meshpulse.Cli.Console;

/// <summary>Events and verdicts of the history.</summary>
internal static class HistoryNotes
{
    public static string Of(IReadOnlyList<HistoryEvent> events, HistoryFormat format) => format switch
    {
        HistoryFormat.Json => Json("events", events, (json, e) =>
        {
            json.WriteString("kind", e.Kind);
            json.WriteString("node", e.Node);
            json.WriteString("text", e.Text);
        }, e => ReportTime.Json(e.At)),
        HistoryFormat.Csv => Csv("time,kind,node,text", events.Select(e => new[] { ReportTime.Json(e.At), e.Kind, e.Node, e.Text })),
        _ => Lines(events.Select(e => $"{ReportTime.Text(e.At)} {e.Kind} {e.Node}{(e.Text.Length > 0 ? $": {e.Text}" : "")}"), "nothing happened"),
    };

    public static string Of(IReadOnlyList<HistoryVerdict> verdicts, HistoryFormat format) => format switch
    {
        HistoryFormat.Json => Json("verdicts", verdicts, (json, v) =>
        {
            json.WriteString("change", v.Change);
            json.WritePropertyName("verdict");
            json.WriteRawValue(FleetJson.Write(v.Verdict));
        }, v => ReportTime.Json(v.At)),
        HistoryFormat.Csv => Csv(
            "time,change,id,what,where,since,until,confidence",
            verdicts.Select(v => new[]
            {
                ReportTime.Json(v.At), v.Change, v.Verdict.Id, v.Verdict.What, PlaceOf(v.Verdict), ReportTime.Json(v.Verdict.Since),
                v.Verdict.Until is { } until ? ReportTime.Json(until) : "", v.Verdict.Confidence.ToString(CultureInfo.InvariantCulture),
            })),
        _ => Lines(
            verdicts.Select(v => string.Create(CultureInfo.InvariantCulture, $"{ReportTime.Text(v.At)} {v.Change} {v.Verdict.What} {PlaceOf(v.Verdict)} since {ReportTime.Text(v.Verdict.Since)}, {v.Verdict.Confidence * 100:0} % sure")),
            "nothing was judged"),
    };

    private static string PlaceOf(VerdictEntry verdict) => DiagnosisText.PlaceOf(verdict.Where);

    private static string Lines(IEnumerable<string> lines, string nothing)
    {
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            text.Append(SingleLine.Of(line)).Append('\n');
        }

        return text.Length == 0 ? $"{nothing} in that time\n" : text.ToString();
    }

    private static string Csv(string header, IEnumerable<string[]> rows)
    {
        var text = new StringBuilder(header).Append('\n');
        foreach (var row in rows)
        {
            text.AppendJoin(',', row.Select(HistoryCsv.Field)).Append('\n');
        }

        return text.ToString();
    }

    private static string Json<T>(string name, IReadOnlyList<T> notes, Action<Utf8JsonWriter, T> write, Func<T, string> at)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartArray(name);
            foreach (var note in notes)
            {
                json.WriteStartObject();
                json.WriteString("at", at(note));
                write(json, note);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }
}
