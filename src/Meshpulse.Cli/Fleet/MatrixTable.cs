using System.Globalization;
using System.Text;
using System.Text.Json;
using Meshpulse.Cli.Console;
using Meshpulse.Core.Diagnosis.Live;

namespace Meshpulse.Cli.Fleet;

/// <summary>A matrix for programs: a record for each direction, as CSV (RFC 4180) or JSON. What is not known is empty or null.</summary>
public static class MatrixTable
{
    private static readonly string[] s_columns = ["from", "to", "state", "loss", "p50_us", "p99_us", "ratio", "kind"];

    /// <summary>As CSV, with a first line of names.</summary>
    public static string Csv(MatrixGrid grid)
    {
        ArgumentNullException.ThrowIfNull(grid);
        var text = new StringBuilder().AppendJoin(',', s_columns).Append("\r\n");
        foreach (var (from, to, cell) in Cells(grid))
        {
            text.AppendJoin(',', Quoted(grid.Names[from]), Quoted(grid.Names[to]), StateOf(cell), Number(cell.Loss), Number(cell.P50), Number(cell.P99), Number(cell.Ratio), KindOf(cell));
            text.Append("\r\n");
        }

        return text.ToString();
    }

    /// <summary>As one JSON object with a line feed behind it.</summary>
    public static string Json(MatrixGrid grid)
    {
        ArgumentNullException.ThrowIfNull(grid);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("version", grid.Document.Version);
            json.WriteString("node", grid.Document.Node);
            json.WriteString("at", ReportTime.Json(grid.Document.At));
            json.WriteStartArray("nodes");
            for (var node = 0; node < grid.Count; node++)
            {
                WriteNode(json, grid, node);
            }

            json.WriteEndArray();
            json.WriteStartArray("missing");
            foreach (var missing in grid.Document.Missing)
            {
                json.WriteStartObject();
                json.WriteString("node", missing.Node);
                json.WriteString("why", missing.Why);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("cells");
            foreach (var (from, to, cell) in Cells(grid))
            {
                WriteCell(json, grid.Names[from], grid.Names[to], cell);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private static void WriteNode(Utf8JsonWriter json, MatrixGrid grid, int node)
    {
        json.WriteStartObject();
        json.WriteString("name", grid.Names[node]);
        json.WriteString("state", grid.StateOf(node));
        json.WriteString("datacenter", grid.DatacenterOf(node));
        json.WriteEndObject();
    }

    private static void WriteCell(Utf8JsonWriter json, string from, string to, GridCell cell)
    {
        json.WriteStartObject();
        json.WriteString("from", from);
        json.WriteString("to", to);
        json.WriteString("state", StateOf(cell));
        Write(json, "loss", cell.Loss);
        Write(json, "p50_us", cell.P50);
        Write(json, "p99_us", cell.P99);
        Write(json, "ratio", cell.Ratio);
        json.WriteString("kind", KindOf(cell));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } known)
        {
            json.WriteNumber(name, Rounded(known));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static IEnumerable<(int From, int To, GridCell Cell)> Cells(MatrixGrid grid)
    {
        for (var from = 0; from < grid.Count; from++)
        {
            for (var to = 0; to < grid.Count; to++)
            {
                if (from != to)
                {
                    yield return (from, to, grid.Cell(from, to));
                }
            }
        }
    }

    private static string StateOf(GridCell cell) => cell.State switch
    {
        CellState.Fine => "fine",
        CellState.Silent => "silent",
        CellState.Maintenance => "maintenance",
        CellState.Verdict => "verdict",
        _ => "no_data",
    };

    private static string KindOf(GridCell cell) => cell.IsRoundTrip ? "round_trip" : "one_way";

    private static string Number(double? value) => value is { } known ? Rounded(known).ToString(CultureInfo.InvariantCulture) : "";

    /// <summary>The codes are steps of a few percent: more digits would say nothing.</summary>
    private static double Rounded(double value) => value == 0 ? 0 : double.Parse(value.ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(',', '"', '\n') >= 0 || text.Contains('\r') ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
