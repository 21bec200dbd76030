using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Config;

/// <summary>What the top level of the file says for the whole landscape. The defaults are the original's where it had any.</summary>
public sealed record LandscapeSettings
{
    /// <summary>The port of the reflectors, used where nothing else is said.</summary>
    public const int DefaultPort = 4232;

    /// <summary>The port of the metrics agent.</summary>
    public const int DefaultAgentPort = 1113;

    /// <summary>The port of the STAMP reflectors: that of the heartbeats, but UDP.</summary>
    public const int DefaultStampPort = 12_222;

    /// <summary>The time between two reports, 100 ms to an hour.</summary>
    public Duration ReportInterval { get; init; } = Duration.FromSeconds(1);

    /// <summary>The time that a report looks back, 100 ms to an hour; never shorter than <see cref="ReportInterval"/>.</summary>
    public Duration Window { get; init; } = Duration.FromSeconds(5);

    /// <summary>
    /// Where the reflector listens, if not at the server's own address: an address, 0.0.0.0 or :: for all. Its port is 0 where none
    /// was written; <see cref="Landscape.ReflectorOf"/> puts both together.
    /// </summary>
    public NodeEndpoint? Listen { get; init; }

    /// <summary>The port of servers whose <c>ip</c> has none, 1 to 65535.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>The port where agents answer STAMP, 1 to 65535; see <see cref="Landscape.StampReflectorOf"/>.</summary>
    public int StampPort { get; init; } = DefaultStampPort;

    /// <summary>
    /// The keys of the agents' STAMP reflectors, which then answer authenticated packets only, and of the checks without keys of their own. An
    /// absolute path; null where there are none.
    /// </summary>
    public string? StampKeyFile { get; init; }

    /// <summary>While this file exists, the program is in maintenance mode. An absolute path.</summary>
    public string MaintenanceFile { get; init; } = "/tmp/mehsh_maintenance";

    /// <summary>The folder of the analyses' reports. An absolute path.</summary>
    public string AnalysisDirectory { get; init; } = "/tmp/mehsh";

    /// <summary>
    /// The folder, with a slash at its end, or file that an agent keeps its history in, unless its command line says otherwise; taken at its start. An
    /// absolute path; null where none is named.
    /// </summary>
    public string? History { get; init; }

    /// <summary>The most bytes that the history takes; null where the file does not say.</summary>
    public long? HistorySize { get; init; }

    /// <summary>Where the metrics agent listens.</summary>
    public ServerAddress AgentAddress { get; init; } =
        ServerAddress.TryParse("127.0.0.1", DefaultAgentPort, out var address, out _) ? address : throw new InvalidOperationException();

    /// <summary>The bounds.</summary>
    public LandscapeLimits Limits { get; init; } = new();
}
