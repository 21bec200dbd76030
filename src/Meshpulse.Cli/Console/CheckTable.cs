using System.Globalization;
using System.Text;
using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Checks;
using Meshpulse.Core.Statistics;

namespace Meshpulse.Cli.Console;

/// <summary>
/// The latest report as one table that is redrawn in its place. A frame begins at the top left corner and erases behind each line and
/// beneath the last, rather than clearing the screen first: what stays the same never flickers. It keeps one line and one column free,
/// as a terminal scrolls or wraps when its last cell is written.
/// </summary>
public static class CheckTable
{
    /// <summary>Makes the cursor visible again, for when the last frame was drawn.</summary>
    public const string Leave = "\e[?25h";

    /// <summary>How many notes are shown at most.</summary>
    public const int MostNotes = 5;

    private const string Enter = "\e[?25l\e[H";
    private const string LineEnd = "\e[K\n";
    private const string Erase = "\e[J";

    /// <summary>
    /// A frame: the pairs, their sums by datacenter, what holds for all, and the last notes. Where there are more rows than lines, the
    /// worst are shown and the others counted; in a very small window the notes go first, then the datacenters.
    /// </summary>
    /// <param name="report">The latest report; null before the first.</param>
    /// <param name="notes">The latest notes, the newest last.</param>
    /// <param name="size">The terminal.</param>
    /// <param name="colour">Whether colours are written at all (see <see cref="ColourPolicy"/>).</param>
    public static string Frame(CheckReport? report, IReadOnlyList<CheckNote> notes, TerminalSize size, bool colour)
    {
        ArgumentNullException.ThrowIfNull(notes);
        var (width, height) = (Math.Max(size.Columns - 1, 1), Math.Max(size.Lines - 1, 1));
        var frame = new StringBuilder(Enter);
        var shownNotes = Math.Min(Math.Min(notes.Count, MostNotes), report is null ? height : height / 4);
        foreach (var line in report is null ? [] : Lines(report, width, height - shownNotes, colour))
        {
            frame.Append(line).Append(LineEnd);
        }

        foreach (var note in notes.Skip(notes.Count - shownNotes))
        {
            frame.Append(CellText.CutEnd($"{ReportTime.Text(note.At)} {SingleLine.Of(note.Text)}", width)).Append(LineEnd);
        }

        return frame.Append(Erase).ToString();
    }

    private static IEnumerable<string> Lines(CheckReport report, int width, int height, bool colour)
    {
        var room = Math.Max(height - 2, 0);
        var (forPairs, forDatacenters) = Share(report.Pairs.Count, report.Datacenters.Count, room);
        var pairs = Fit(report.Pairs, pair => pair.Window, forPairs);
        var sums = Fit(report.Datacenters, sum => sum.Window, forDatacenters);
        var rows = pairs.Select(CheckTableRow.Of).ToList();
        var sumRows = sums.Select(CheckTableRow.Of).ToList();
        var columns = new CheckColumns([.. rows, .. sumRows], width, colour);
        if (height > 1)
        {
            yield return columns.Header();
        }

        foreach (var line in Section(columns, rows, report.Pairs.Count, forPairs, width))
        {
            yield return line;
        }

        if (forDatacenters > 0)
        {
            yield return "";
        }

        foreach (var line in Section(columns, sumRows, report.Datacenters.Count, forDatacenters, width))
        {
            yield return line;
        }

        yield return Summary(report, width, colour);
    }

    /// <summary>
    /// The lines of each part, without the blank line between them. What fits is shown; else the datacenters get a third at most, and
    /// nothing where that is not a blank line and one more.
    /// </summary>
    private static (int Pairs, int Datacenters) Share(int pairs, int datacenters, int room)
    {
        if (datacenters == 0)
        {
            return (Math.Min(pairs, room), 0);
        }

        var share = Math.Min(datacenters + 1, Math.Max(room / 3, room - pairs));
        return share < 2 ? (Math.Min(pairs, room), 0) : (Math.Min(pairs, room - share), share - 1);
    }

    /// <summary>All in their order, or as many of the worst as leave a line to count the others in.</summary>
    private static IEnumerable<T> Fit<T>(IReadOnlyList<T> all, Func<T, WindowSums> window, int lines) => all.Count <= lines
        ? all
        : all.OrderByDescending(one => window(one).Lost).ThenByDescending(one => window(one).Max).Take(Math.Max(lines - 1, 0));

    private static IEnumerable<string> Section(CheckColumns columns, List<CheckTableRow> rows, int count, int lines, int width)
    {
        foreach (var row in rows)
        {
            yield return columns.Line(row);
        }

        if (lines > 0 && rows.Count < count)
        {
            yield return CellText.CutEnd(string.Create(CultureInfo.InvariantCulture, $"{count - rows.Count} more; worst first"), width);
        }
    }

    private static string Summary(CheckReport report, int width, bool colour)
    {
        var withLoss = report.Pairs.Count(pair => pair.Window.Lost > 0);
        var window = report.Window.Nanoseconds / 1_000_000_000m;
        var mode = report.IsMaintenance ? "MAINTENANCE" : "normal";
        var line = CellText.CutEnd(
            string.Create(CultureInfo.InvariantCulture, $"{ReportTime.Text(report.At)} mode: {mode}, window: {window} s, pairs: {report.Pairs.Count}, with loss: {withLoss}"),
            width);
        return colour && report.IsMaintenance ? Shades.Paint(line, Shades.Yellow) : line;
    }
}
