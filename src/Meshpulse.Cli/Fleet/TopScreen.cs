using System.Globalization;
using System.Text;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Cli.Console;
using Meshpulse.Core.Diagnosis.Live;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Fleet;

/// <summary>
/// Paints what <c>meshpulse top</c> shows into the lines of a terminal of any size: what is wrong first, then the matrix around the chosen cell, then that
/// cell in words. With too few lines the matrix goes first and the verdicts last.
/// </summary>
public static class TopScreen
{
    private const int LongestName = 24;
    private const int MostEvidence = 3;

    // Dark blue to yellow: told apart by who does not see red and green, and brighter the worse it is.
    private static readonly string[] s_levels = ["\e[38;5;75m", "\e[38;5;75;1m", "\e[38;5;150m", "\e[38;5;227m", "\e[30;48;5;220m", "\e[30;48;5;208m"];

    private static readonly string[] s_help =
    [
        "arrows, h j k l   another cell          PgUp PgDn   a screen up or down",
        "c, tab            loss, p50, p99 delay, p50 against the usual",
        "v, V              the next, the previous verdict's evidence",
        "p, space          hold the picture, let it go on",
        "Ctrl-L            paint anew            q           leave",
        "",
        "A line is who sends, a column is who receives: a bad line is a bad sender, a bad",
        "column a bad receiver, a bad block a datacenter.",
    ];

    /// <summary>How many lines of the matrix there is room for.</summary>
    public static int MatrixLines(TopState state, TerminalSize size)
    {
        ArgumentNullException.ThrowIfNull(state);
        return Math.Max(0, size.Lines - 1 - Verdicts(state, size, false).Count - 2 - 2);
    }

    /// <summary>The lines, as many as the terminal has at most, none longer than it is wide.</summary>
    public static IReadOnlyList<string> Paint(TopState state, TerminalSize size, bool isColoured)
    {
        ArgumentNullException.ThrowIfNull(state);
        var lines = new List<string> { Head(state, size, isColoured) };
        if (state.IsHelp)
        {
            lines.AddRange(s_help.Select(l => Cut(l, size.Columns)));
            lines.AddRange([.. CellWords.Legend(state.Figure).Split("  ").Select(l => Cut(l, size.Columns))]);
        }
        else
        {
            lines.AddRange(Verdicts(state, size, isColoured));
            AddMatrix(lines, state, size, isColoured);
        }

        var body = lines.Take(Math.Max(1, size.Lines - 1)).ToList();
        if (size.Lines > 1)
        {
            body.AddRange(Enumerable.Repeat("", size.Lines - 1 - body.Count));
            body.Add(Dim(Cut(Keys(state), size.Columns), isColoured));
        }

        return body;
    }

    private static string Keys(TopState state) => state.IsHelp ? "?: back  q: leave" : $"q: leave  arrows: cell  c: {CellWords.Name(state.Figure)}  v: verdict  p: hold  ?: help";

    private static string Head(TopState state, TerminalSize size, bool isColoured)
    {
        var grid = state.Grid;
        var up = grid is null ? 0 : Enumerable.Range(0, grid.Count).Count(i => grid.StateOf(i) == "up" || grid.Names[i] == grid.Document.Node);
        var mesh = grid is null
            ? "waiting for its first answer"
            : string.Create(CultureInfo.InvariantCulture, $"{ReportTime.Text(grid.Document.At)} UTC, {up} of {grid.Count} nodes up");
        var text = $"meshpulse {SingleLine.Of(grid?.Document.Node ?? state.Asked)}  {mesh}";
        var trouble = Trouble(state);
        return trouble.Length == 0 ? Bold(Cut(text, size.Columns), isColoured) : Alarm(Cut($"{trouble}  {text}", size.Columns), isColoured);
    }

    /// <summary>Old figures look like new ones: it is said first.</summary>
    private static string Trouble(TopState state)
    {
        var age = string.Create(CultureInfo.InvariantCulture, $"{state.Age.TotalSeconds:0} s OLD");
        return state switch
        {
            { Failure: { } why } => (state.Grid is null ? "" : age + ": ") + SingleLine.Of(why),
            { IsPaused: true } => $"HELD, {age}",
            { Grid: not null, Age.TotalSeconds: > 5 } => age,
            _ => "",
        };
    }

    private static List<string> Verdicts(TopState state, TerminalSize size, bool isColoured)
    {
        var lines = new List<string>();
        if (state.Grid is not { } grid)
        {
            return lines;
        }

        if (state.Verdicts.Count == 0)
        {
            lines.Add(grid.Count < 2 ? "no other node is known: nothing is measured" : "nothing is wrong");
            return lines;
        }

        var most = Math.Max(1, size.Lines / 4);
        var chosen = state.Chosen;
        var skipped = Math.Max(0, state.Verdicts.TakeWhile(v => v.Id != chosen?.Id).Count() + 1 - most);
        foreach (var verdict in state.Verdicts.Skip(skipped).Take(most))
        {
            var line = Cut($"{(verdict == chosen ? '>' : ' ')} {InLine(verdict, grid.Document.Now)}", size.Columns);
            lines.Add(verdict == chosen ? Bold(line, isColoured) : line);
        }

        if (state.Verdicts.Count > most)
        {
            lines.Add(Cut(string.Create(CultureInfo.InvariantCulture, $"  {state.Verdicts.Count} verdicts in all"), size.Columns));
        }

        if (chosen is not null && size.Lines >= 16)
        {
            lines.AddRange(chosen.Evidence.Take(MostEvidence).Select(e => Cut("    " + SingleLine.Of(VerdictText.Of(e)), size.Columns)));
            lines.Add(Cut("    -> " + SingleLine.Of(chosen.Suggestion), size.Columns));
        }

        return lines;
    }

    private static string InLine(VerdictEntry verdict, WallTime now)
    {
        var place = verdict.Where.ToPlace()?.ToString() ?? verdict.Where.Kind;
        var length = VerdictText.Span(Duration.Max(Duration.Zero, now - verdict.Since));
        return SingleLine.Of(string.Create(CultureInfo.InvariantCulture, $"{verdict.What} {place}, for {length}, {Math.Floor(verdict.Confidence * 100):0}% sure"));
    }

    private static void AddMatrix(List<string> lines, TopState state, TerminalSize size, bool isColoured)
    {
        var rows = MatrixLines(state, size);
        if (state.Grid is not { Count: > 1 } grid || rows < 1)
        {
            return;
        }

        var digits = grid.Count.ToString(CultureInfo.InvariantCulture).Length;
        var head = Math.Min(grid.Names.Max(n => n.Length), LongestName) + digits + 1;
        head = Math.Min(head, Math.Max(digits, size.Columns / 3));
        var cell = (size.Columns - head) / grid.Count >= digits + 1 ? digits + 1 : 2;
        var fit = Math.Max(1, (size.Columns - head) / cell);
        var firstRow = Window(state.From, grid.Count, rows);
        var firstColumn = Window(state.To, grid.Count, fit);
        lines.Add(new string(' ', head) + string.Concat(Columns(grid.Count, firstColumn, fit).Select(to => Number(to, digits, cell))));
        for (var from = firstRow; from < Math.Min(grid.Count, firstRow + rows); from++)
        {
            var row = new StringBuilder(Cut($"{(from + 1).ToString(CultureInfo.InvariantCulture).PadLeft(digits)} {SingleLine.Of(grid.Names[from])}", head).PadRight(head));
            foreach (var to in Columns(grid.Count, firstColumn, fit))
            {
                row.Append(' ', cell - 1).Append(Sign(state, grid, from, to, isColoured));
            }

            lines.Add(row.ToString());
        }

        lines.Add(Cut($"{SingleLine.Of(grid.Names[state.From])} -> {SingleLine.Of(grid.Names[state.To])}: {(state.From == state.To ? "itself" : CellWords.InWords(grid.Cell(state.From, state.To)))}", size.Columns));
    }

    private static IEnumerable<int> Columns(int count, int first, int fit) => Enumerable.Range(first, Math.Min(fit, count - first));

    /// <summary>A column's number; where there is room for one digit only, its last.</summary>
    private static string Number(int index, int digits, int cell)
    {
        var text = (index + 1).ToString(CultureInfo.InvariantCulture);
        return (cell > digits ? text : text[^1..]).PadLeft(cell);
    }

    private static string Sign(TopState state, MatrixGrid grid, int from, int to, bool isColoured)
    {
        var cell = grid.Cell(from, to);
        var sign = from == to ? '\\' : CellWords.Sign(cell, state.Figure);
        var isChosen = from == state.From && to == state.To;
        if (!isColoured)
        {
            // Without colours the cursor is seen by its sign alone.
            return isChosen ? "\e[7m" + sign + "\e[27m" : sign.ToString();
        }

        var shade = from == to ? "\e[90m" : cell.State switch
        {
            CellState.Silent => "\e[97;41;1m",
            CellState.NoData or CellState.Maintenance => "\e[90m",
            _ => CellWords.Level(state.Figure, cell.Of(state.Figure)) is { } level ? s_levels[level] : "\e[90m",
        };
        var marks = (cell.State == CellState.Verdict ? "\e[4m" : "") + (isChosen ? "\e[7m" : "");
        return shade + marks + sign + Shades.Plain;
    }

    /// <summary>The first of what is shown, so that the chosen one is in the middle where that can be.</summary>
    private static int Window(int chosen, int count, int fit) => Math.Clamp(chosen - (fit / 2), 0, Math.Max(0, count - fit));

    private static string Cut(string text, int columns) => text.Length <= columns ? text : text[..columns];

    private static string Bold(string text, bool isColoured) => isColoured ? $"\e[1m{text}{Shades.Plain}" : text;

    private static string Dim(string text, bool isColoured) => isColoured ? $"\e[2m{text}{Shades.Plain}" : text;

    private static string Alarm(string text, bool isColoured) => isColoured ? $"\e[30;43m{text}{Shades.Plain}" : text;
}
