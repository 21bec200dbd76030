using Meshpulse.Core.Config.Toml;

namespace Meshpulse.Core.Config;

/// <summary>From the text of a configuration to a <see cref="Landscape"/>, or to all of its mistakes.</summary>
public static class LandscapeReader
{
    /// <summary>
    /// Reads a configuration. Nothing is thrown for what it holds. A text that is no TOML gives the mistakes of its form; only what
    /// has the right form is looked at for its meaning.
    /// </summary>
    /// <param name="utf8">The file's content.</param>
    /// <param name="fileName">The name that messages begin with.</param>
    /// <param name="serverName">The server that the program is to be (<c>--name</c>); where given, the file must have it.</param>
    public static LandscapeResult Read(ReadOnlySpan<byte> utf8, string fileName, string? serverName = null)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        var parsed = TomlParser.Parse(utf8, fileName);
        if (parsed.Root is not { } root)
            return new LandscapeResult(null, [.. parsed.Errors.Select(error => new ConfigMessage(error.Position, error.Message))], []);
        var diagnostics = new ConfigDiagnostics();
        var landscape = new LandscapeAssembly(root, diagnostics).Read(serverName);
        return new LandscapeResult(diagnostics.Failed ? null : landscape, diagnostics.Errors, diagnostics.Warnings);
    }
}
