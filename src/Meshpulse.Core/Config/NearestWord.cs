namespace Meshpulse.Core.Config;

/// <summary>Which of the known words somebody probably meant.</summary>
public static class NearestWord
{
    private const int ShortestPrefix = 3;

    // What is longer was hardly mistyped, and comparing it with ten thousand names would take time.
    private const int LongestWord = 64;

    /// <summary>The word among <paramref name="known"/> nearest to what was written, the first of several; null where none is near.</summary>
    public static string? Find(string written, IEnumerable<string> known)
    {
        if (written.Length is 0 or > LongestWord)
            return null;
        var word = written.ToLowerInvariant();
        var (best, bestRank) = (default(string), int.MaxValue);
        foreach (var candidate in known)
        {
            var rank = Rank(word, candidate.ToLowerInvariant());
            if (rank < bestRank)
                (best, bestRank) = (candidate, rank);
        }

        return best;
    }

    // Other capitals come first, then what was begun and not ended, then what is mistyped.
    private static int Rank(string word, string candidate)
    {
        if (word == candidate)
            return 0;
        if (word.Length >= ShortestPrefix && candidate.StartsWith(word, StringComparison.Ordinal))
            return 1;
        var allowed = Math.Max(1, Math.Min(word.Length, candidate.Length) / 3);
        if (candidate.Length > LongestWord || Math.Abs(word.Length - candidate.Length) > allowed)
            return int.MaxValue;
        var distance = Distance(word, candidate);
        return distance <= allowed && distance < Math.Max(word.Length, candidate.Length) ? 1 + distance : int.MaxValue;
    }

    /// <summary>Letters to insert, delete, replace, or swap with their neighbour (optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
                d[i, j] = i == 0 || j == 0 ? i + j : Step(d, a, b, i, j);
        }

        return d[a.Length, b.Length];
    }

    private static int Step(int[,] d, string a, string b, int i, int j)
    {
        var best = Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
        var swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
        return swapped ? Math.Min(best, d[i - 2, j - 2] + 1) : best;
    }
}
