using Meshpulse.Core.Config;

namespace Meshpulse.Agent.Configuration;

/// <summary>
/// The file of a configuration, and which of its servers this is. It must be a regular file, behind links or not: what can be read only once could
/// not be read again. May be used from any thread.
/// </summary>
public sealed class LandscapeSource
{
    private readonly ContentReader _reader;

    /// <summary>Nothing is read yet.</summary>
    /// <param name="path">Where the file is; not empty.</param>
    /// <param name="serverName">The server that this is; a file without it is refused.</param>
    public LandscapeSource(string path, string serverName)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(serverName);
        (Path, ShownPath, ServerName) = (path, ConfigFile.Shown(path), serverName);
        _reader = new ContentReader(path);
    }

    /// <summary>Where the file is.</summary>
    public string Path { get; }

    /// <summary>The path as messages show it, without control characters.</summary>
    public string ShownPath { get; }

    /// <summary>The server that this is.</summary>
    public string ServerName { get; }

    /// <summary>
    /// Reads the file as it is now; nothing is thrown for what stands there. It is read twice, and again until both are the same, so that nothing
    /// is taken that was changed during the reading. One that is written slowly may still be caught half; <see cref="LandscapeWatch"/> waits
    /// until it rests. The files of keys that it names are read each time; they alone are no reason to read it again.
    /// </summary>
    public LandscapeLoad Load() => Judge(_reader.LookTwice());

    /// <inheritdoc cref="ContentReader.Look" />
    internal FileContent Look(FileContent? known, FileContent? alsoKnown) => _reader.Look(known, alsoKnown);

    /// <summary>What a content comes to.</summary>
    internal LandscapeLoad Judge(FileContent content)
    {
        if (content.Problem is { } problem)
        {
            return new LandscapeLoad(content) { Errors = [$"{ShownPath}: {problem}"] };
        }

        var result = LandscapeReading.Of(content.Bytes, ShownPath, ServerName);
        return new LandscapeLoad(content)
        {
            Value = result.Value,
            Errors = [.. result.Errors.Select(error => error.ToString())],
            Warnings = [.. result.Warnings.Select(warning => $"{warning.Position}: warning: {warning.Message}")],
        };
    }
}
