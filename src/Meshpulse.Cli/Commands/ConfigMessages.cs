using Meshpulse.Core.Config;

namespace Meshpulse.Cli.Commands;

/// <summary>What came of reading a configuration, as lines for people.</summary>
internal static class ConfigMessages
{
    /// <summary>Mistakes and warnings in the order of their places: <c>FILE:LINE:COLUMN: what is wrong</c>, each with its line feed.</summary>
    public static string Lines(LandscapeResult result)
    {
        var lines = result.Errors.Select(e => (e.Position, Line: $"{e}\n"))
            .Concat(result.Warnings.Select(w => (w.Position, Line: $"{w.Position}: warning: {w.Message}\n")));
        return string.Concat(lines.OrderBy(message => message.Position).Select(message => message.Line));
    }
}
