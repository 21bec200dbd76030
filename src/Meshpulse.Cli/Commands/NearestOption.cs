using Meshpulse.Core.Config;

namespace Meshpulse.Cli.Commands;

/// <summary>Which option somebody probably meant.</summary>
internal static class NearestOption
{
    /// <summary>The spelling among <paramref name="known"/> nearest to what was written; null where none is near.</summary>
    public static string? Find(string written, IReadOnlyList<string> known)
    {
        var word = Bare(written);
        if (word.Length == 0)
        {
            return null;
        }

        // A short option is meant only where its letter was written.
        return known.FirstOrDefault(k => Bare(k) == word)
            ?? (NearestWord.Find(word, known.Where(IsLong).Select(Bare)) is { } near ? known.First(k => IsLong(k) && Bare(k) == near) : null);
    }

    private static bool IsLong(string option) => option.StartsWith("--", StringComparison.Ordinal);

    private static string Bare(string option) => option.TrimStart('-').ToLowerInvariant();
}
