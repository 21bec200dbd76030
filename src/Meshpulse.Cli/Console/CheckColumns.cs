using System.Collections.Immutable;
using System.Text;

namespace Meshpulse.Cli.Console;

/// <summary>
/// Which columns of <see cref="CheckTable"/> fit, and how wide they are: as wide as the rows need; where that is too much, the least
/// important ones go first, then the path is cut.
/// </summary>
internal sealed class CheckColumns
{
    /// <summary>From where to where.</summary>
    public static readonly CheckColumn Path = new("from -> to", row => row.Path, IsText: true);

    // Below this, a path tells nothing; rather a column goes.
    private const int ReadablePath = 16;

    private static readonly ImmutableArray<CheckColumn> s_all =
    [
        new("check", row => row.Check, IsText: true, Dropped: 5),
        Path,
        new("ip", row => row.Place, IsText: true, Dropped: 1, Widest: 40),
        new("req", row => row.Requests, Dropped: 6),
        new("resp", row => row.Responses, Dropped: 2),
        new("loss", row => row.Loss, Shade: LossShade),
        new("loss %", row => row.LossPercent, Dropped: 7, Shade: LossShade),
        new("min ms", row => row.Min, Dropped: 3),
        new("max ms", row => row.Max),
        new("unsent", row => row.UnsentTotal, Dropped: 4, Shade: row => row.Unsent > 0 ? Shades.Yellow : null),
    ];

    private readonly List<(CheckColumn Column, int Width)> _shown;
    private readonly int _width;
    private readonly bool _colour;

    /// <param name="rows">All rows that are to be shown.</param>
    /// <param name="width">The cells of a line.</param>
    /// <param name="colour">Whether colours are written at all.</param>
    public CheckColumns(IReadOnlyCollection<CheckTableRow> rows, int width, bool colour)
    {
        (_width, _colour) = (width, colour);
        _shown = [.. s_all.Select(column => (column, Math.Min(column.Widest, rows.Select(row => CellText.Width(column.Text(row))).Append(column.Title.Length).Max())))];
        foreach (var least in s_all.Where(column => column.Dropped > 0).OrderBy(column => column.Dropped).TakeWhile(_ => Needed > width))
        {
            _shown.RemoveAll(shown => shown.Column == least);
        }

        var path = _shown.FindIndex(shown => shown.Column == Path);
        var others = _shown.Sum(shown => shown.Width + 1) - 1 - _shown[path].Width;
        _shown[path] = (Path, Math.Clamp(width - others, 0, _shown[path].Width));
    }

    // With a blank between columns.
    private int Needed => _shown.Sum(shown => 1 + (shown.Column == Path ? Math.Min(shown.Width, ReadablePath) : shown.Width)) - 1;

    /// <summary>The line of titles.</summary>
    public string Header() => CellText.CutEnd(string.Join(' ', _shown.Select(shown => shown.Column.Fit(shown.Column.Title, shown.Width))), _width);

    /// <summary>The line of a row, never longer than the width.</summary>
    public string Line(CheckTableRow row)
    {
        var line = new StringBuilder();
        var room = _width;
        foreach (var (column, width) in _shown)
        {
            if (line.Length > 0 && room > 0)
            {
                line.Append(' ');
                room--;
            }

            var cells = Math.Min(width, room);
            room -= cells;
            var text = column.Fit(column.Text(row), cells);
            line.Append(_colour ? Shades.Paint(text, column.Shade?.Invoke(row)) : text);
        }

        return line.ToString();
    }

    private static string? LossShade(CheckTableRow row) => row.Window.Lost > 0 ? Shades.Red : null;
}
