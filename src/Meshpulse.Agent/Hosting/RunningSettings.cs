using System.Globalization;
using Meshpulse.Agent.Api.Json;

namespace Meshpulse.Agent.Hosting;

/// <summary>How an agent was started, for people who look from elsewhere. Secrets are said to be set, and no more.</summary>
internal static class RunningSettings
{
    private const string Set = "(set)";

    /// <summary>All of them, by the names of their options.</summary>
    public static IReadOnlyList<SettingEntry> Of(AgentOptions options, CheckService? checks)
    {
        var mesh = options.Mesh!;
        return
        [
            new SettingEntry("bind", mesh.Self.ToString()),
            new SettingEntry("servers", string.Join(' ', options.Servers.Select(s => s.Host is { } host ? $"{host}:{s.Endpoint.Port}" : s.Endpoint.ToString()))),
            new SettingEntry("ping", Ms(mesh.PingInterval.Milliseconds)),
            new SettingEntry("threshold", Ms(mesh.GapThreshold.Milliseconds)),
            new SettingEntry("interval", Ms(mesh.ReportInterval.Milliseconds)),
            new SettingEntry("silence", Ms(mesh.SilenceLimit.Milliseconds)),
            new SettingEntry("retention", Ms(options.SeriesRetention.Milliseconds)),
            new SettingEntry("max-peers", mesh.MaxPeers.ToString(CultureInfo.InvariantCulture)),
            new SettingEntry("allow", string.Join(' ', mesh.Allow)),
            new SettingEntry("metrics-bind", options.Metrics?.ToString() ?? "none"),
            new SettingEntry("full-metrics", YesNo(options.FullMetrics)),
            new SettingEntry("stamp", YesNo(options.Stamp)),
            new SettingEntry("share", YesNo(options.Share)),
            new SettingEntry("share-key-file", options.ShareKeys is null ? "none" : Set),
            new SettingEntry("api-token-file", options.ApiToken is null ? "none" : Set),
            new SettingEntry("tls", YesNo(options.Tls is not null)),
            new SettingEntry("log-file", YesNo(options.Log is not null)),
            new SettingEntry("realtime", YesNo(options.Realtime)),
            .. checks?.Settings ?? [],
        ];
    }

    private static string YesNo(bool value) => value ? "yes" : "no";

    private static string Ms(double value) => string.Create(CultureInfo.InvariantCulture, $"{value} ms");
}
