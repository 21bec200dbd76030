namespace Meshpulse.Bench.Verdicts;

/// <summary>What nodes said, from the lines that they print. Any thread.</summary>
internal sealed class VerdictTally
{
    private const string Word = "VERDICT ";
    private const int MostKept = 1_000;
    private static readonly string[] s_changes = ["changed: ", "again: "];
    private static readonly string[] s_network = ["path.", "node.uplink", "datacenter.", "mesh.", "clock."];

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, int> _kinds = new(StringComparer.Ordinal);
    private readonly List<string> _againstNetwork = [];
    private bool _counts;

    /// <summary>How many were said.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _kinds.Values.Sum();
            }
        }
    }

    /// <summary>How often each kind was said: it began, came again, or an incident was given its name.</summary>
    public IReadOnlyDictionary<string, int> ByKind
    {
        get
        {
            lock (_gate)
            {
                return new SortedDictionary<string, int>(_kinds, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>The lines that blame a path, an uplink, a datacenter, the mesh or a clock; the first thousand.</summary>
    public IReadOnlyList<string> AgainstNetwork
    {
        get
        {
            lock (_gate)
            {
                return [.. _againstNetwork];
            }
        }
    }

    /// <summary>From now on it counts.</summary>
    public void Begin() => Set(true);

    /// <summary>What comes now is our own stopping of the nodes.</summary>
    public void End() => Set(false);

    /// <summary>Takes a line of a node; those without a verdict that begins, changes or comes again are passed over.</summary>
    public void Take(string node, string line)
    {
        var start = line.IndexOf(Word, StringComparison.Ordinal);
        if (start < 0)
        {
            return;
        }

        var told = line[(start + Word.Length)..];
        told = s_changes.FirstOrDefault(c => told.StartsWith(c, StringComparison.Ordinal)) is { } change ? told[change.Length..] : told;
        var kind = told.Split(' ')[0];
        if (kind == "ended:")
        {
            return;
        }

        lock (_gate)
        {
            if (!_counts)
            {
                return;
            }

            _kinds[kind] = _kinds.GetValueOrDefault(kind) + 1;
            if (_againstNetwork.Count < MostKept && s_network.Any(n => kind.StartsWith(n, StringComparison.Ordinal)))
            {
                _againstNetwork.Add($"{node}: {line}");
            }
        }
    }

    private void Set(bool counts)
    {
        lock (_gate)
        {
            _counts = counts;
        }
    }
}
