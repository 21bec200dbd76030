namespace Meshpulse.Cli.Commands;

/// <summary>Which option somebody probably meant.</summary>
internal static class NearestOption
{
    private const int ShortestPrefix = 3;

    /// <summary>The spelling among <paramref name="known"/> nearest to what was written; null where none is near.</summary>
    public static string? Find(string written, IReadOnlyList<string> known)
    {
        var word = Bare(written);
        if (word.Length == 0)
        {
            return null;
        }

        var exact = known.FirstOrDefault(k => Bare(k) == word);
        if (exact is not null)
        {
            return exact;
        }

        var longOnes = known.Where(k => k.StartsWith("--", StringComparison.Ordinal)).ToList();
        var begun = word.Length >= ShortestPrefix ? longOnes.FirstOrDefault(k => Bare(k).StartsWith(word, StringComparison.Ordinal)) : null;
        return begun ?? longOnes
            .Select(k => (Name: k, Distance: Distance(word, Bare(k))))
            .Where(c => c.Distance <= Math.Max(1, Math.Min(word.Length, Bare(c.Name).Length) / 3))
            .OrderBy(c => c.Distance)
            .Select(c => c.Name)
            .FirstOrDefault();
    }

    private static string Bare(string option) => option.TrimStart('-').ToLowerInvariant();

    /// <summary>Letters to insert, delete, replace, or swap with their neighbour (optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                d[i, j] = i == 0 || j == 0 ? i + j : Step(d, a, b, i, j);
            }
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
