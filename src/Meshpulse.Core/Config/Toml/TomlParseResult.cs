namespace Meshpulse.Core.Config.Toml;

/// <summary>What came of reading a document: its root table, or the mistakes that it holds.</summary>
public sealed class TomlParseResult
{
    internal TomlParseResult(TomlTable root, IReadOnlyList<TomlError> errors, long steps)
    {
        Root = errors.Count == 0 ? root : null;
        Errors = errors;
        Steps = steps;
    }

    /// <summary>The document, or null where there is any error: half a configuration is none.</summary>
    public TomlTable? Root { get; }

    /// <summary>
    /// The mistakes in the order of their places: at most <see cref="TomlLimits.MaxErrors"/>, and one more that says so where
    /// reading stopped at that bound.
    /// </summary>
    public IReadOnlyList<TomlError> Errors { get; }

    /// <summary>
    /// The work done, in characters passed or looked ahead at. It stays below ten times the document's length, whatever the
    /// document holds; the tests hold the parser to that.
    /// </summary>
    public long Steps { get; }
}
