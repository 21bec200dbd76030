using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Config;

/// <summary>Reads the top level.</summary>
internal sealed class SettingsReader(ConfigTable top, ConfigDiagnostics diagnostics)
{
    private static readonly Duration s_shortest = Duration.FromMilliseconds(100);
    private static readonly Duration s_longest = Duration.FromSeconds(3600);

    /// <summary>The settings; defaults stand in for what is wrong.</summary>
    public LandscapeSettings Read()
    {
        var defaults = new LandscapeSettings();
        var interval = top.Duration("report_interval", s_shortest, s_longest);
        var window = top.Duration("window", s_shortest, s_longest);
        var settings = defaults with
        {
            ReportInterval = interval?.Value ?? defaults.ReportInterval,
            Window = window?.Value ?? defaults.Window,
            Listen = ReadListen(),
            Port = top.Integer("port", 1, ushort.MaxValue)?.Value ?? defaults.Port,
            StampPort = top.Integer("stamp_port", 1, ushort.MaxValue)?.Value ?? defaults.StampPort,
            StampKeyFile = top.FilePath("stamp_key_file")?.Value,
            MaintenanceFile = top.FilePath("maintenance_file")?.Value ?? defaults.MaintenanceFile,
            AnalysisDirectory = top.FilePath("analysis_dir")?.Value ?? defaults.AnalysisDirectory,
            History = top.FilePath("history")?.Value,
            HistorySize = top.Integer("max_history", 16, 1 << 20)?.Value is { } mebibytes ? (long)mebibytes << 20 : defaults.HistorySize,
            AgentAddress = ReadAddress("agent_address", LandscapeSettings.DefaultAgentPort) ?? defaults.AgentAddress,
            Limits = ReadLimits(defaults.Limits),
        };
        if (settings.Window < settings.ReportInterval)
            diagnostics.Refuse(window?.Position ?? interval!.Value.Position, $"the window ({DurationText.Format(settings.Window)}) is shorter than the report_interval ({DurationText.Format(settings.ReportInterval)}): what comes between two windows would be in no report");
        return settings;
    }

    private LandscapeLimits ReadLimits(LandscapeLimits defaults) => new()
    {
        Servers = top.Integer("max_servers", 1, ushort.MaxValue)?.Value ?? defaults.Servers,
        Probes = top.Integer("max_probes", 1, 100_000)?.Value ?? defaults.Probes,
        Analyses = top.Integer("max_analyses", 1, 1_000)?.Value ?? defaults.Analyses,
        AnalysisOutput = top.Integer("max_analysis_output", 1_024, 1 << 30)?.Value ?? defaults.AnalysisOutput,
    };

    private NodeEndpoint? ReadListen()
    {
        const int NoPort = 1;
        if (top.Text("listen") is not { } text)
            return null;
        var fault = AddressText.Read(text.Value, NoPort, out var address) ?? address switch
        {
            null or { Literal: null } => "is a host name; give an address of this host, or 0.0.0.0 or [::] for all of them",
            { Literal.IsUnspecified: true } => null,
            _ => AddressText.FaultAsHost(address),
        };
        if (fault is not null)
        {
            diagnostics.Refuse(text.Position, $"listen {ConfigText.Quote(text.Value)} {fault}");
            return null;
        }

        return address!.HasOwnPort ? address.Literal : address.Literal!.Value.WithPort(0);
    }

    private ServerAddress? ReadAddress(string key, int defaultPort)
    {
        if (top.Text(key) is not { } text)
            return null;
        if (!ServerAddress.TryParse(text.Value, defaultPort, out var address, out var problem))
            diagnostics.Refuse(text.Position, $"{key} {ConfigText.Quote(text.Value)} {problem}");
        return address;
    }
}
