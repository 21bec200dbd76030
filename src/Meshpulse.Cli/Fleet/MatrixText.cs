using System.Globalization;
using System.Text;
using Meshpulse.Cli.Console;

namespace Meshpulse.Cli.Fleet;

/// <summary>
/// A matrix as text. Where it may be as wide as it likes (a pipe), all columns stand beside each other; on a terminal that is too narrow for figures
/// each cell is one sign, and what is too wide even so follows below in blocks.
/// </summary>
public static class MatrixText
{
    private const int LongestName = 40;

    /// <summary>The whole text.</summary>
    /// <param name="grid">The matrix.</param>
    /// <param name="figure">What the cells show.</param>
    /// <param name="columns">How many characters a line may have; null for any number.</param>
    public static string Of(MatrixGrid grid, MatrixFigure figure, int? columns)
    {
        ArgumentNullException.ThrowIfNull(grid);
        var text = new StringBuilder();
        var document = grid.Document;
        text.Append(CultureInfo.InvariantCulture, $"{SingleLine.Of(document.Node)}, {ReportTime.Text(document.At)} UTC: {CellWords.Name(figure)} from each node (line) to each (column) within the last 2 s\n");
        if (grid.Count < 2)
        {
            return text.Append("no other node is known\n").ToString();
        }

        var labels = Labels(grid);
        var head = labels.Max(l => l.Length);
        var width = CellWidth(grid, figure);
        if (columns is not { } most || head + (grid.Count * (width + 1)) <= most)
        {
            AppendBlock(text, grid, labels, new Block(0, grid.Count, width), cell => CellWords.Text(cell, figure));
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"{CellWords.Legend(figure)}\n");
            var cell = Digits(grid.Count);
            var fit = Math.Max(1, (most - head) / (cell + 1));
            for (var first = 0; first < grid.Count; first += fit)
            {
                AppendBlock(text, grid, labels, new Block(first, Math.Min(fit, grid.Count - first), cell), c => CellWords.Sign(c, figure).ToString());
            }
        }

        AppendMissing(text, grid);
        return text.ToString();
    }

    private static string[] Labels(MatrixGrid grid)
    {
        var digits = Digits(grid.Count);
        return [.. grid.Names.Select((name, i) => Label(grid, name, i, digits))];
    }

    private static string Label(MatrixGrid grid, string name, int index, int digits)
    {
        var number = (index + 1).ToString(CultureInfo.InvariantCulture).PadLeft(digits);
        var shown = SingleLine.Of(name.Length > LongestName ? name[..LongestName] : name);
        var state = grid.StateOf(index) is not "up" and var other ? $" ({SingleLine.Of(other)})" : "";
        return $"{number} {shown}{state}";
    }

    private static int Digits(int count) => count.ToString(CultureInfo.InvariantCulture).Length;

    private static int CellWidth(MatrixGrid grid, MatrixFigure figure)
    {
        var width = Digits(grid.Count);
        for (var from = 0; from < grid.Count; from++)
        {
            for (var to = 0; to < grid.Count; to++)
            {
                width = Math.Max(width, from == to ? 1 : CellWords.Text(grid.Cell(from, to), figure).Length);
            }
        }

        return width;
    }

    private static void AppendBlock(StringBuilder text, MatrixGrid grid, string[] labels, Block block, Func<GridCell, string> show)
    {
        var head = labels.Max(l => l.Length);
        text.Append('\n').Append(' ', head);
        for (var to = block.First; to < block.First + block.Count; to++)
        {
            text.Append(' ').Append((to + 1).ToString(CultureInfo.InvariantCulture).PadLeft(block.Width));
        }

        text.Append('\n');
        for (var from = 0; from < grid.Count; from++)
        {
            text.Append(labels[from].PadRight(head));
            for (var to = block.First; to < block.First + block.Count; to++)
            {
                text.Append(' ').Append((from == to ? "\\" : show(grid.Cell(from, to))).PadLeft(block.Width));
            }

            text.Append('\n');
        }
    }

    private static void AppendMissing(StringBuilder text, MatrixGrid grid)
    {
        foreach (var missing in grid.Document.Missing)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nmissing: what {SingleLine.Of(missing.Node)} saw itself: {SingleLine.Of(missing.Why)}");
        }

        text.Append(grid.Document.Missing.Count > 0 ? "\n" : "");
    }

    private readonly record struct Block(int First, int Count, int Width);
}
