using Meshpulse.Core.Config;

namespace Meshpulse.Agent.Configuration;

/// <summary>
/// A configuration with all that it needs to be used: what <see cref="LandscapeReader"/> makes of its text, the commands of its analyses looked through,
/// and its files of keys read.
/// </summary>
public static class LandscapeReading
{
    /// <summary>Reads it; nothing is thrown for what it holds, nor for what its files do.</summary>
    /// <inheritdoc cref="LandscapeReader.Read" />
    public static LandscapeResult Of(ReadOnlySpan<byte> utf8, string fileName, string? serverName = null)
    {
        var result = LandscapeReader.Read(utf8, fileName, serverName);
        if (result.Value is not { } landscape)
        {
            return result;
        }

        var commands = CommandReview.Errors(utf8, fileName, landscape);
        return KeyFileReview.Read(result).With(commands);
    }
}
