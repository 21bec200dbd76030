using Meshpulse.Core.Config;

namespace Meshpulse.Agent.Analysis;

/// <summary>What a configuration says of analyses, in the words of the runner.</summary>
public static class AnalysisBook
{
    /// <summary>The bounds; what the file can't move has its default.</summary>
    public static AnalysisSettings SettingsOf(Landscape landscape)
    {
        ArgumentNullException.ThrowIfNull(landscape);
        var settings = landscape.Settings;
        return new AnalysisSettings
        {
            Directory = settings.AnalysisDirectory,
            MaxRunning = settings.Limits.Analyses,
            MaxOutputBytes = settings.Limits.AnalysisOutput,
        };
    }

    /// <summary>What one server may have to run, in the file's order, each pair once per analysis; empty for a name that is no server's.</summary>
    /// <param name="serverName">The server that runs it.</param>
    /// <param name="addressOf">The address of a server that is in use, without prefix and port; the host name where it is not resolved.</param>
    public static IReadOnlyList<AnalysisDefinition> DefinitionsOf(Landscape landscape, string serverName, Func<ServerDefinition, string> addressOf)
    {
        ArgumentNullException.ThrowIfNull(landscape);
        ArgumentNullException.ThrowIfNull(addressOf);
        return [.. landscape.AnalysesFrom(serverName).Select(pair => Definition(pair, addressOf))];
    }

    private static AnalysisDefinition Definition(AnalysisPair pair, Func<ServerDefinition, string> addressOf) => new()
    {
        Name = pair.Analysis.Name,
        From = Facts(pair.From, addressOf),
        To = Facts(pair.To, addressOf),
        MinLoss = pair.Analysis.MinLoss,
        Command = pair.Analysis.Command,
        StartDelay = pair.Analysis.StartDelay,
        Pause = pair.Analysis.Pause,
        TimeLimit = pair.Analysis.TimeLimit,
    };

    private static ServerFacts Facts(ServerDefinition server, Func<ServerDefinition, string> addressOf) =>
        new(server.Name, addressOf(server), server.Datacenter, server.Extra1, server.Extra2, server.Extra3);
}
