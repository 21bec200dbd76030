namespace Meshpulse.Core.Config.Toml;

/// <summary>Keys: bare, quoted, and dotted ones of several parts.</summary>
internal sealed class TomlKeys(TomlCursor cursor, TomlStrings strings, TomlDiagnostics diagnostics)
{
    /// <summary>True for the characters that a key may have without quotes.</summary>
    public static bool IsBare(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';

    /// <summary>Reads a key and the blanks around its parts; null, once reported, where there is none.</summary>
    public List<TomlKey>? Read()
    {
        var parts = new List<TomlKey>(1);
        do
        {
            cursor.SkipBlanks();
            var at = cursor.Position;

            // The depth is judged where the tree grows; here an endless key is only kept from being collected first.
            if (ReadPart() is not { } name || !diagnostics.AllowDepth(parts.Count, at))
                return null;
            parts.Add(new TomlKey(name, at));
            cursor.SkipBlanks();
        }
        while (cursor.TryTake('.'));
        return parts;
    }

    private string? ReadPart()
    {
        if (cursor.Current is '"' or '\'')
            return ReadQuoted();
        var start = cursor.Index;
        cursor.Advance(cursor.CountAhead(0, IsBare));
        if (cursor.Index > start)
            return cursor.Since(start).ToString();
        diagnostics.Refuse(cursor.Position, $"a key is missing: it has letters, digits, _ and -, or stands in quotes; here is {cursor.Found}");
        return null;
    }

    private string? ReadQuoted()
    {
        var quote = cursor.Current;
        if (cursor.Peek(1) != quote || cursor.Peek(2) != quote)
            return strings.ReadLine();
        diagnostics.Refuse(cursor.Position, $"a key stands on one line, in single {quote}...{quote}");
        return null;
    }
}
