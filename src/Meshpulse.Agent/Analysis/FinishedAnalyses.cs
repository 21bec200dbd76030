namespace Meshpulse.Agent.Analysis;

/// <summary>
/// The last runs of a node, in memory: who asks for them reads no file. The oldest go, first of a pair that has its share, then of all. Safe from any thread.
/// </summary>
/// <param name="mostOfPair">Runs that are kept of a pair.</param>
/// <param name="most">Runs that are kept of all.</param>
/// <param name="mostText">The characters that all kept texts have together; one text is at most <see cref="PrintedText.MaxLength"/> long.</param>
public sealed class FinishedAnalyses(
    int mostOfPair = FinishedAnalyses.MostOfPair, int most = FinishedAnalyses.Most, int mostText = FinishedAnalyses.MostText)
{
    /// <summary>Runs that are kept of a pair.</summary>
    public const int MostOfPair = 16;

    /// <summary>Runs that are kept of all pairs.</summary>
    public const int Most = 1_024;

    /// <summary>Characters of all texts together; 128 of the longest, 4 MiB of memory.</summary>
    public const int MostText = 128 * PrintedText.MaxLength;

    private readonly Lock _lock = new();

    // In the order in which they ended. Looking through them all is cheap beside running a command.
    private readonly List<FinishedAnalysis> _runs = [];
    private long _text;

    /// <summary>Keeps one.</summary>
    public void Add(FinishedAnalysis run)
    {
        ArgumentNullException.ThrowIfNull(run);
        lock (_lock)
        {
            _runs.Add(run);
            _text += run.Text.Length;
            if (_runs.Count(r => r.Pair == run.Pair) > mostOfPair)
            {
                RemoveAt(_runs.FindIndex(r => r.Pair == run.Pair));
            }

            while (_runs.Count > most || _text > mostText)
            {
                RemoveAt(0);
            }
        }
    }

    /// <summary>Those against a server, the one that began last first.</summary>
    /// <param name="name">The server's name or address.</param>
    public IReadOnlyList<FinishedAnalysis> Of(string name)
    {
        lock (_lock)
        {
            return [.. _runs.Where(r => VerdictReach.Is(name, r.To)).OrderByDescending(r => r.Began)];
        }
    }

    private void RemoveAt(int index)
    {
        _text -= _runs[index].Text.Length;
        _runs.RemoveAt(index);
    }
}
