using System.Text;
using Meshpulse.Core.Config.Toml;

namespace Meshpulse.Core.Config;

/// <summary>Pieces of messages, and what texts of the file may hold.</summary>
internal static class ConfigText
{
    /// <summary>The longest name in bytes of UTF-8: what a file name may have on Linux (NAME_MAX, limits.h).</summary>
    public const int LongestName = 255;

    private const int MostListed = 20;

    /// <summary>A piece of the file in quotes, short and printable.</summary>
    public static string Quote(string text) => TomlDiagnostics.Quote(text);

    /// <summary><c>a, b and c</c>; of many only the first, and how many there are besides.</summary>
    public static string List(IReadOnlyList<string> words, string conjunction = "and") => words switch
    {
        [] => "none",
        [var only] => only,
        { Count: > MostListed } => $"{string.Join(", ", words.Take(MostListed))} and {words.Count - MostListed} more",
        _ => $"{string.Join(", ", words.Take(words.Count - 1))} {conjunction} {words[^1]}",
    };

    /// <summary>What keeps a text from being a name, in words that follow its key; null where nothing does.</summary>
    /// <remarks>Names stand in lines of the report and in labels of metrics: a line break in one would forge a line.</remarks>
    public static string? FaultInName(string name)
    {
        if (name.Length == 0)
            return "is empty";
        if (FirstUnprintable(name) is { } rune)
            return $"holds the control character U+{rune.Value:X4}; names are printed and stand in metrics";
        if (char.IsWhiteSpace(name[0]) || char.IsWhiteSpace(name[^1]))
            return $"{Quote(name)} begins or ends with a blank";
        return Encoding.UTF8.GetByteCount(name) > LongestName ? $"is longer than {LongestName} bytes" : null;
    }

    /// <summary>What keeps a sound name from being that of a file or folder; null where nothing does.</summary>
    public static string? FaultInFileName(string name) => name switch
    {
        "." or ".." => "stands for a folder",
        _ when name.Contains('/') => "holds a '/'",
        _ => null,
    };

    /// <summary>The first character that would disturb a line or a terminal; null where there is none.</summary>
    public static Rune? FirstUnprintable(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune) || rune.Value is 0xFEFF or (>= 0x2028 and <= 0x202E) or (>= 0x2066 and <= 0x2069))
                return rune;
        }

        return null;
    }
}
