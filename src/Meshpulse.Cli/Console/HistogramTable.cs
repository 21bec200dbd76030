using System.Globalization;
using System.Text;

namespace Meshpulse.Cli.Console;

/// <summary>
/// The table of measurements: two header lines, then a row per peer. A cell has five columns and one decimal; from 1,000
/// on the decimal gives way, so that columns stay aligned up to 99,999 ms (beyond, a row is as wide as it has to be).
/// </summary>
public static class HistogramTable
{
    /// <summary>At or above this a cell is red, in milliseconds.</summary>
    public const double RedFrom = 1000;

    private const int CellWidth = 5;
    private const string Groups = "--------receive-(ms)--------- ---------delta-(ms)---------- ---------send-(ms)-----------";
    private const string Columns = "  Max  Mean    99  99.9 99.99|  Max  Mean    99  99.9 99.99|  Max  Mean    99  99.9 99.99";

    /// <summary>The table as one block of lines, each with its line feed.</summary>
    /// <param name="rows">The rows in the order in which they are shown.</param>
    /// <param name="threshold">Above this a cell is yellow, in milliseconds.</param>
    /// <param name="colour">Whether colours are written at all (see <see cref="ColourPolicy"/>).</param>
    /// <param name="heading">Lines to begin the block with, each with its line feed.</param>
    public static string Format(IReadOnlyList<TableRow> rows, double threshold, bool colour, string heading = "")
    {
        ArgumentNullException.ThrowIfNull(rows);
        var width = rows.Select(row => row.Address.Length).Append(EventLine.AddressWidth).Max();
        var blank = new string(' ', width);
        // Grown in chunks: the room for a thousand rows at once would lie on the large-object heap, and stay there for long.
        var table = new StringBuilder(heading);
        table.Append(CultureInfo.InvariantCulture, $"[{blank}] {Groups}\n[{blank}] {Columns}\n");
        foreach (var row in rows)
        {
            table.Append('[').Append(row.Address.PadLeft(width)).Append("] ");
            AppendGroup(table, row.Receive, threshold, colour).Append('|');
            AppendGroup(table, row.Delta, threshold, colour).Append('|');
            AppendGroup(table, row.Send, threshold, colour).Append('\n');
        }

        return table.ToString();
    }

    /// <summary>A cell's five columns: <c>  5.2</c>, <c> 1234</c>, <c>    -</c> without data.</summary>
    public static string Cell(double? value) => AppendCell(new StringBuilder(), value).ToString();

    /// <summary>Without a string for each cell: a table of a thousand peers has fifteen thousand.</summary>
    private static StringBuilder AppendCell(StringBuilder table, double? value)
    {
        if (value is not { } number || !double.IsFinite(number))
        {
            return table.Append("-".PadLeft(CellWidth));
        }

        // One decimal where that fits; what rounds to zero has no sign.
        Span<char> text = stackalloc char[CellWidth];
        var shown = Math.Abs(number) < 0.05 ? 0 : number;
        if (!shown.TryFormat(text, out var length, "F1", CultureInfo.InvariantCulture)
            && !shown.TryFormat(text, out length, "F0", CultureInfo.InvariantCulture))
        {
            return table.Append(CultureInfo.InvariantCulture, $"{shown:F0}");
        }

        return table.Append(' ', CellWidth - length).Append(text[..length]);
    }

    private static StringBuilder AppendGroup(StringBuilder table, CellGroup group, double threshold, bool colour)
    {
        AppendCell(table, group.Max, threshold, colour).Append(' ');
        AppendCell(table, group.Mean, threshold, colour).Append(' ');
        AppendCell(table, group.P99, threshold, colour).Append(' ');
        AppendCell(table, group.P999, threshold, colour).Append(' ');
        return AppendCell(table, group.P9999, threshold, colour);
    }

    private static StringBuilder AppendCell(StringBuilder table, double? value, double threshold, bool colour)
    {
        var shade = value switch
        {
            _ when !colour => null,
            >= RedFrom => Shades.Red,
            { } number when number > threshold => Shades.Yellow,
            _ => null,
        };
        return shade is null ? AppendCell(table, value) : AppendCell(table.Append(shade), value).Append(Shades.Plain);
    }
}
