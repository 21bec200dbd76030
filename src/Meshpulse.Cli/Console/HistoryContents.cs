using System.Globalization;
using System.Text;
using System.Text.Json;
using Meshpulse.Agent.History;
using Meshpulse.Cli.Commands;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Console;

/// <summary>What a history has: how far it reaches, and whose series are in it.</summary>
internal static class HistoryContents
{
    public static string Of(HistoryReader reader, HistoryFormat format) => format switch
    {
        HistoryFormat.Json => Json(reader),
        HistoryFormat.Csv => Csv(reader.Series()),
        _ => Text(reader),
    };

    private static string Text(HistoryReader reader)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{SingleLine.Of(reader.Node)}, in {SingleLine.Of(reader.File)}, times in UTC\n\n");
        text.Append("STEP  FROM                 TO                        ROWS      BYTES\n");
        foreach (var reach in reader.Reach)
        {
            text.Append(CultureInfo.InvariantCulture, $"{reach.Step.Seconds + "s",-5} {Time(reach.Oldest),-20} {Time(reach.Newest),-20} {reach.Rows,9} {reach.Bytes,10}\n");
        }

        var rows = reader.Series().Where(s => s.Name.Kind != SeriesKind.Host).ToList();
        var width = Math.Clamp(rows.Count == 0 ? 0 : rows.Max(r => $"{r.Name.Source} -> {r.Name.Target}".Length), 4, 60);
        text.Append(CultureInfo.InvariantCulture, $"\nKIND      {"PATH".PadRight(width)}  CHECK            LAST\n");
        foreach (var row in rows)
        {
            var path = SingleLine.Of($"{row.Name.Source} -> {row.Name.Target}");
            text.Append(CultureInfo.InvariantCulture, $"{HistoryShape.Of(row.Name.Kind).Name,-9} {path.PadRight(width)}  {SingleLine.Of(row.Name.Check),-15}  {Time(row.Last)}\n");
        }

        return text.ToString();
    }

    private static string Time(WallTime? at) => at is { } known ? ReportTime.Text(known) : "-";

    private static string Csv(IReadOnlyList<HistorySeries> series)
    {
        var text = new StringBuilder("kind,source,target,check,first,last\n");
        foreach (var row in series)
        {
            var name = row.Name;
            text.AppendJoin(',', new[] { HistoryShape.Of(name.Kind).Name, name.Source, name.Target, name.Check, ReportTime.Json(row.First), ReportTime.Json(row.Last) }.Select(HistoryCsv.Field)).Append('\n');
        }

        return text.ToString();
    }

    private static string Json(HistoryReader reader)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("node", reader.Node);
            json.WriteString("file", reader.File);
            json.WriteStartArray("reach");
            foreach (var reach in reader.Reach)
            {
                json.WriteStartObject();
                json.WriteNumber("step_seconds", reach.Step.Seconds);
                WriteTime(json, "from", reach.Oldest);
                WriteTime(json, "to", reach.Newest);
                json.WriteNumber("rows", reach.Rows);
                json.WriteNumber("bytes", reach.Bytes);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("series");
            foreach (var row in reader.Series())
            {
                json.WriteStartObject();
                HistoryJson.WriteName(json, row.Name);
                WriteTime(json, "first", row.First);
                WriteTime(json, "last", row.Last);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private static void WriteTime(Utf8JsonWriter json, string name, WallTime? at)
    {
        if (at is { } known)
        {
            json.WriteString(name, ReportTime.Json(known));
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
