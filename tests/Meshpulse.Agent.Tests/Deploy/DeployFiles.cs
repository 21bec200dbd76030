using System.Text.Json;
using System.Text.RegularExpressions;

namespace Meshpulse.Agent.Tests.Deploy;

/// <summary>What stands in <c>deploy/</c>, as the tests look at it.</summary>
internal static partial class DeployFiles
{
    public static string Folder { get; } = Path.Combine(Root(), "deploy");

    public static string Prometheus { get; } = Path.Combine(Folder, "prometheus");

    public static IEnumerable<string> RuleFiles => Directory.GetFiles(Prometheus, "*.rules.yml").Order(StringComparer.Ordinal);

    public static IEnumerable<string> DashboardFiles => Directory.GetFiles(Path.Combine(Folder, "grafana"), "*.json").Order(StringComparer.Ordinal);

    /// <summary>Every rule, by its name: of an alert or of what it records.</summary>
    public static List<DeployRule> Rules() => [.. RuleFiles.SelectMany(ReadRules)];

    /// <summary>Every expression of PromQL, with where it stands.</summary>
    public static List<(string Place, string Text)> Expressions() =>
        [.. Rules().Select(r => ($"rule {r.Name}", r.Expression)), .. DashboardFiles.SelectMany(ReadDashboard)];

    /// <summary>The expressions of a dashboard: of its panels, and of its variables.</summary>
    public static IEnumerable<(string Place, string Text)> ReadDashboard(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(path));
        var found = new List<(string, string)>();
        foreach (var panel in document.RootElement.GetProperty("panels").EnumerateArray())
        {
            if (panel.TryGetProperty("targets", out var targets))
            {
                found.AddRange(targets.EnumerateArray().Select(t => ($"{Path.GetFileName(path)}, {panel.GetProperty("title")}", t.GetProperty("expr").GetString()!)));
            }
        }

        foreach (var variable in document.RootElement.GetProperty("templating").GetProperty("list").EnumerateArray())
        {
            if (variable.GetProperty("type").GetString() == "query")
            {
                var query = variable.GetProperty("query").GetProperty("query").GetString()!;
                found.Add(($"{Path.GetFileName(path)}, ${variable.GetProperty("name")}", InnerQuery(query)));
            }
        }

        return found;
    }

    /// <summary>The expression within Grafana's own functions. A label's values are asked for as if they were grouped by it, so that the label is looked at too.</summary>
    private static string InnerQuery(string query)
    {
        var values = LabelValues().Match(query);
        return values.Success
            ? $"group by ({values.Groups["label"].Value}) ({values.Groups["series"].Value})"
            : Result().Match(query) is { Success: true } result ? result.Groups["expression"].Value : throw new FormatException(query);
    }

    /// <summary>Enough of YAML for our own files: <c>expr</c> on one line or as a block, after its <c>alert</c> or <c>record</c>.</summary>
    private static List<DeployRule> ReadRules(string path)
    {
        var rules = new List<DeployRule>();
        var lines = File.ReadAllLines(path);
        for (var i = 0; i < lines.Length; i++)
        {
            if (RuleStart().Match(lines[i]) is not { Success: true } start)
            {
                continue;
            }

            var expression = lines[++i].Trim();
            Assert.StartsWith("expr:", expression, StringComparison.Ordinal);
            expression = expression[5..].Trim();
            if (expression == "|")
            {
                var indent = lines[i].IndexOf("expr", StringComparison.Ordinal);
                var block = lines.Skip(i + 1).TakeWhile(l => l.Length == 0 || l.Length - l.TrimStart().Length > indent);
                expression = string.Join('\n', block).Trim();
            }

            rules.Add(new DeployRule(start.Groups["name"].Value, start.Groups["kind"].Value == "alert", expression));
        }

        Assert.Equal(lines.Count(l => l.TrimStart().StartsWith("expr:", StringComparison.Ordinal)), rules.Count);
        return rules;
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Meshpulse.slnx")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }

    [GeneratedRegex("^ +- (?<kind>alert|record): (?<name>[A-Za-z0-9_:]+)$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex RuleStart();

    [GeneratedRegex("^label_values\\((?<series>.+), (?<label>[a-z_]+)\\)$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex LabelValues();

    [GeneratedRegex("^query_result\\((?<expression>.+)\\)$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Result();
}
