using Meshpulse.Agent.Fleet.Json;

namespace Meshpulse.Cli.Fleet;

/// <summary>What <c>meshpulse top</c> shows: the last answers of the node, and where the user is. Changed by keys and by answers, never by a clock of its own.</summary>
public sealed class TopState
{
    private string? _chosen;

    /// <summary>Who is asked, for people.</summary>
    public required string Asked { get; init; }

    /// <summary>The matrix; null before the first answer.</summary>
    public MatrixGrid? Grid { get; private set; }

    /// <summary>What is wrong now, the most urgent first.</summary>
    public IReadOnlyList<VerdictEntry> Verdicts { get; private set; } = [];

    /// <summary>Why the last question had no answer; null where it had.</summary>
    public string? Failure { get; private set; }

    /// <summary>How long ago the shown answers came.</summary>
    public TimeSpan Age { get; set; }

    /// <summary>What the cells show.</summary>
    public MatrixFigure Figure { get; private set; } = MatrixFigure.Loss;

    /// <summary>The line of the chosen cell.</summary>
    public int From { get; private set; }

    /// <summary>Its column.</summary>
    public int To { get; private set; } = 1;

    /// <summary>The picture is held.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>The keys are explained.</summary>
    public bool IsHelp { get; private set; }

    /// <summary>The verdict whose evidence is shown: the chosen one while it lasts, else the first.</summary>
    public VerdictEntry? Chosen => Verdicts.FirstOrDefault(v => v.Id == _chosen) ?? (Verdicts.Count > 0 ? Verdicts[0] : null);

    /// <summary>New answers; not taken while the picture is held.</summary>
    public void Take(MatrixGrid grid, VerdictDocument verdicts)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(verdicts);
        Failure = null;
        if (IsPaused)
        {
            return;
        }

        // The user looks at a pair of nodes, not at a place: it stays chosen where nodes come and go.
        var (from, to) = (NameAt(From), NameAt(To));
        (Grid, Age) = (grid, TimeSpan.Zero);
        From = IndexOf(from, From);
        To = IndexOf(to, To);
        Verdicts = VerdictUrgency.InForce(verdicts);
    }

    /// <summary>A question had no answer.</summary>
    public void Fail(string why) => Failure = why;

    /// <summary>A key. False where it means to leave.</summary>
    /// <param name="key">Which.</param>
    /// <param name="page">How many lines a screen of the matrix has.</param>
    public bool Press(TopKey key, int page)
    {
        switch (key)
        {
            case TopKey.Quit:
                return false;
            case TopKey.NextFigure:
                Figure = (MatrixFigure)(((int)Figure + 1) % Enum.GetValues<MatrixFigure>().Length);
                break;
            case TopKey.NextVerdict:
                Choose(1);
                break;
            case TopKey.PreviousVerdict:
                Choose(-1);
                break;
            case TopKey.Pause:
                IsPaused = !IsPaused;
                break;
            case TopKey.Help:
                IsHelp = !IsHelp;
                break;
            default:
                Move(key, page);
                break;
        }

        return true;
    }

    private void Move(TopKey key, int page)
    {
        var last = Math.Max(0, (Grid?.Count ?? 1) - 1);
        var (down, right) = key switch
        {
            TopKey.Up => (-1, 0),
            TopKey.Down => (1, 0),
            TopKey.Left => (0, -1),
            TopKey.Right => (0, 1),
            TopKey.PageUp => (-page, 0),
            TopKey.PageDown => (page, 0),
            _ => (0, 0),
        };
        From = Math.Clamp(From + down, 0, last);
        To = Math.Clamp(To + right, 0, last);
    }

    private void Choose(int step)
    {
        if (Verdicts.Count > 0 && Chosen is { } chosen)
        {
            var index = Verdicts.TakeWhile(v => v.Id != chosen.Id).Count();
            _chosen = Verdicts[(index + step + Verdicts.Count) % Verdicts.Count].Id;
        }
    }

    private string? NameAt(int index) => Grid is { } grid && index < grid.Count ? grid.Names[index] : null;

    private int IndexOf(string? name, int before)
    {
        for (var i = 0; name is not null && i < Grid!.Count; i++)
        {
            if (Grid.Names[i] == name)
            {
                return i;
            }
        }

        return Math.Clamp(before, 0, Math.Max(0, Grid!.Count - 1));
    }
}
