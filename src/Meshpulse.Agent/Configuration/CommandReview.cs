using Meshpulse.Agent.Analysis;
using Meshpulse.Core.Config;
using Meshpulse.Core.Config.Toml;

namespace Meshpulse.Agent.Configuration;

/// <summary>
/// Looks whether the commands of the analyses can be filled. The configuration's reader knows the placeholders, but not how a shell reads the
/// place where one stands: in arithmetic and in a here-document a value would be read as code, so none is put there.
/// </summary>
public static class CommandReview
{
    /// <summary>The commands' mistakes in the order of their places, each at the place of its command; empty where there are none.</summary>
    /// <param name="utf8">The file's content.</param>
    /// <param name="fileName">The name that messages begin with.</param>
    /// <param name="landscape">What <paramref name="utf8"/> came to.</param>
    public static IReadOnlyList<ConfigMessage> Errors(ReadOnlySpan<byte> utf8, string fileName, Landscape landscape)
    {
        ArgumentNullException.ThrowIfNull(landscape);
        if (landscape.Analyses.All(analysis => PlaceholderText.Validate(analysis.Command).Count == 0))
        {
            return [];
        }

        // Where the commands stand, only the text itself knows.
        var commands = (TomlParser.Parse(utf8, fileName).Root?["analysis"] as TomlArray)?.Items
            .Select(block => (block as TomlTable)?["command"]).OfType<TomlString>() ?? [];
        return [.. commands.SelectMany(command => PlaceholderText.Validate(command.Value).Select(error =>
            new ConfigMessage(command.Position, $"command: {ConfigFile.Shown(error.Message)}")))];
    }
}
