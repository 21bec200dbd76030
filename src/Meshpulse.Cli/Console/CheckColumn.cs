namespace Meshpulse.Cli.Console;

/// <summary>A column of <see cref="CheckTable"/>.</summary>
/// <param name="Title">What stands above it.</param>
/// <param name="Text">What a row has in it.</param>
/// <param name="IsText">Left-aligned.</param>
/// <param name="Dropped">Which column goes first where a line is too narrow for all: the one with the lowest number; 0 stays.</param>
/// <param name="Widest">More cells than this it never takes.</param>
/// <param name="Shade">The colour of a row's cell, null for none.</param>
internal sealed record CheckColumn(
    string Title, Func<CheckTableRow, string> Text, bool IsText = false, int Dropped = 0, int Widest = int.MaxValue, Func<CheckTableRow, string?>? Shade = null)
{
    /// <summary>The text in so many cells, aligned.</summary>
    public string Fit(string text, int cells)
    {
        // Of a path the end is kept: all begin with this host.
        var cut = ReferenceEquals(this, CheckColumns.Path) ? CellText.CutStart(text, cells) : CellText.CutEnd(text, cells);
        var blank = new string(' ', cells - CellText.Width(cut));
        return IsText ? cut + blank : blank + cut;
    }
}
