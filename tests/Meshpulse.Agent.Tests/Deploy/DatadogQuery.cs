using System.Text.Json;
using System.Text.RegularExpressions;

namespace Meshpulse.Agent.Tests.Deploy;

/// <summary>One query of the Datadog dashboard, such as <c>p99:meshmonitor.meshmonitor_receive_seconds{$node} by {host_name}</c>.</summary>
/// <param name="Text">All of it.</param>
/// <param name="Metric">The metric, without the agent's namespace and ending.</param>
/// <param name="IsCount">It ends in <c>.count</c>, as counters do there.</param>
/// <param name="IsDistribution">What only a distribution has is asked for: a percentile, a heatmap.</param>
/// <param name="Labels">The tags that are named in it, those behind the dashboard's variables included.</param>
internal sealed partial record DatadogQuery(string Text, string Metric, bool IsCount, bool IsDistribution, IReadOnlyList<string> Labels)
{
    /// <summary>All queries; one that is not understood is an error.</summary>
    public static List<DatadogQuery> ReadAll()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(DeployFiles.Folder, "datadog", "dashboard.json")));
        var tags = document.RootElement.GetProperty("template_variables").EnumerateArray()
            .ToDictionary(v => v.GetProperty("name").GetString()!, v => v.GetProperty("prefix").GetString()!, StringComparer.Ordinal);
        return [.. Strings(document.RootElement, "query").Select(text => Read(text, tags))];
    }

    /// <summary>The patterns of metrics that the agent is told to collect.</summary>
    public static List<string> Collected() =>
        [.. File.ReadAllLines(Path.Combine(DeployFiles.Folder, "datadog", "openmetrics.yaml")).Select(l => Pattern().Match(l)).Where(m => m.Success).Select(m => m.Groups["pattern"].Value)];

    private static DatadogQuery Read(string text, Dictionary<string, string> tags)
    {
        var match = Form().Match(text);
        Assert.True(match.Success, text);
        var filters = match.Groups["filter"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(f => f != "*").Select(f => f[0] == '$' ? tags[f[1..]] : f.TrimStart('!').Split(':')[0]);
        var groups = match.Groups["by"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new DatadogQuery(
            text, match.Groups["metric"].Value, match.Groups["count"].Success, match.Groups["how"].Value is ['p', ..] or "histogram", [.. filters, .. groups]);
    }

    /// <summary>The strings of this name anywhere.</summary>
    private static IEnumerable<string> Strings(JsonElement element, string name) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(
            p => p.Name == name && p.Value.ValueKind == JsonValueKind.String ? [p.Value.GetString()!] : Strings(p.Value, name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(e => Strings(e, name)),
        _ => [],
    };

    [GeneratedRegex(
        "^(?<how>avg|sum|min|max|count|histogram|p[0-9.]+):meshmonitor[.](?<metric>[a-z_]+)(?<count>[.]count)?[{](?<filter>[^}]*)[}]( by [{](?<by>[^}]*)[}])?([.]as_(rate|count)[(][)])?$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Form();

    [GeneratedRegex("^ +- \"(?<pattern>[^\"]+)\"$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
