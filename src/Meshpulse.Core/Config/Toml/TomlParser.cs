namespace Meshpulse.Core.Config.Toml;

/// <summary>Reads TOML 1.0 (https://toml.io/en/v1.0.0), all of it and nothing beyond it.</summary>
public static class TomlParser
{
    /// <summary>
    /// Reads a document. Mistakes are reported, never thrown: after one, reading goes on at the next line that can be made sense
    /// of, so that one call shows several. Time and memory grow with the document's length and no faster.
    /// </summary>
    /// <param name="utf8">The document in UTF-8, with or without a byte order mark.</param>
    /// <param name="fileName">The name that every <see cref="TomlPosition"/> carries.</param>
    /// <param name="limits">What the document may cost; <see cref="TomlLimits.Default"/> where null.</param>
    public static TomlParseResult Parse(ReadOnlySpan<byte> utf8, string fileName, TomlLimits? limits = null)
    {
        limits ??= TomlLimits.Default;
        var start = new TomlPosition(fileName, 1, 1);
        var diagnostics = new TomlDiagnostics(limits);
        var definitions = new TomlDefinitions(start, diagnostics);
        var steps = 0L;
        if (utf8.Length > limits.MaxBytes)
        {
            diagnostics.Refuse(start, $"the file has {utf8.Length} bytes; no more than {limits.MaxBytes} are read");
        }
        else if (TomlText.Decode(utf8, fileName, diagnostics) is { } text)
        {
            var cursor = new TomlCursor(text, fileName);
            new TomlDocument(cursor, definitions, diagnostics).Read();
            steps = cursor.Steps;
        }

        return new TomlParseResult(definitions.Root, diagnostics.InOrder(), steps);
    }
}
