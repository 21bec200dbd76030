using System.Diagnostics;
using System.Text.RegularExpressions;
using Meshpulse.Agent.Tests.Export;

namespace Meshpulse.Agent.Tests.Deploy;

/// <summary>promtool, with its own reader of PromQL and its own clock, judges the rules; and what it can't know is looked at here.</summary>
public sealed partial class PrometheusRulesTests
{
    [Fact]
    public async Task Promtool_takes_the_rules_and_the_configuration()
    {
        await MustAsync(["check", "rules", .. DeployFiles.RuleFiles]);
        await MustAsync("check", "config", Path.Combine(DeployFiles.Prometheus, "prometheus.yml"));
    }

    [Theory]
    [InlineData("recording.test.yml")]
    [InlineData("alerts.test.yml")]
    public Task The_rules_do_what_their_tests_say(string file) => MustAsync("test", "rules", Path.Combine(DeployFiles.Prometheus, file));

    [Fact]
    public async Task A_test_of_rules_that_expects_something_else_fails()
    {
        // The check above can fail: the same tests, with a percentile that is averaged after all.
        var folder = Directory.CreateTempSubdirectory("meshpulse-rules-");
        try
        {
            foreach (var path in Directory.GetFiles(DeployFiles.Prometheus))
            {
                var text = await File.ReadAllTextAsync(path);
                await File.WriteAllTextAsync(
                    Path.Combine(folder.FullName, Path.GetFileName(path)),
                    text.Replace(
                        "histogram_quantile(0.99, datacenters:meshpulse_path_round_trip_seconds_bucket:rate5m)",
                        "avg(pair:meshpulse_path_round_trip_seconds:p99_5m)",
                        StringComparison.Ordinal));
            }

            var (exit, output) = await PromtoolAsync("test", "rules", Path.Combine(folder.FullName, "recording.test.yml"));
            Assert.NotEqual(0, exit);
            Assert.Contains("FAILED", output, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_dashboards_expressions_are_expressions()
    {
        var file = Path.GetTempFileName();
        try
        {
            var rules = DeployFiles.DashboardFiles.SelectMany(DeployFiles.ReadDashboard)
                .Select((e, i) => $"      - record: panel:x:{i}\n        expr: |\n          {Filled(e.Text)}\n");
            await File.WriteAllTextAsync(file, $"groups:\n  - name: panels\n    rules:\n{string.Concat(rules)}");
            await MustAsync("check", "rules", file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Every_alert_has_a_severity_a_test_in_which_it_fires_and_words_for_people()
    {
        var rules = File.ReadAllText(Path.Combine(DeployFiles.Prometheus, "alerts.rules.yml")).Split("- alert: ")[1..];
        var tests = File.ReadAllText(Path.Combine(DeployFiles.Prometheus, "alerts.test.yml")).Split("- alertname: ")[1..];
        foreach (var rule in rules)
        {
            var name = rule.Split('\n')[0];
            Assert.Matches("(?m)^          severity: (critical|warning|info)$", rule);
            Assert.Matches("(?m)^          about: (network|host|clock|measurer|agent)$", rule);
            Assert.Contains("          summary: ", rule, StringComparison.Ordinal);
            Assert.Contains("          description: ", rule, StringComparison.Ordinal);
            Assert.True(
                tests.Any(t => t.Split('\n')[0] == name && t.Contains("exp_labels", StringComparison.Ordinal)), $"{name} is never seen to fire");
        }
    }

    [Fact]
    public void What_is_about_the_network_is_not_raised_by_a_measurer_that_is_sick()
    {
        var rules = File.ReadAllText(Path.Combine(DeployFiles.Prometheus, "alerts.rules.yml")).Split("- alert: ")[1..];
        // But for these, which no stall of a witness explains.
        string[] always = ["MeshpulseVerdictCritical", "MeshpulseNodeUnreachable"];
        var network = rules.Where(r => r.Contains("about: network", StringComparison.Ordinal) && !always.Contains(r.Split('\n')[0])).ToList();
        Assert.True(network.Count > 5, $"{network.Count}");
        Assert.All(network, rule => Assert.Contains(":meshpulse_measurer_sick:bool == 1)", rule, StringComparison.Ordinal));
    }

    [Fact]
    public void Percentiles_come_from_summed_histograms_and_are_not_averaged()
    {
        foreach (var (place, text) in DeployFiles.Expressions())
        {
            var quantiles = Quantile().Count(text);
            Assert.True(quantiles == SummedQuantile().Count(text), $"{place}: a quantile of what is not summed by le");
            Assert.True(!Average().IsMatch(text), $"{place}: an average");
        }
    }

    private static string Filled(string text) =>
        text.Replace("$__rate_interval", "5m", StringComparison.Ordinal).Replace('\n', ' ');

    private static async Task MustAsync(params string[] arguments)
    {
        var (exit, output) = await PromtoolAsync(arguments);
        Assert.True(exit == 0, output);
    }

    private static async Task<(int Exit, string Output)> PromtoolAsync(params string[] arguments)
    {
        using var promtool = Process.Start(new ProcessStartInfo(PrometheusTests.Find("promtool"), arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = promtool.StandardOutput.ReadToEndAsync();
        var errors = promtool.StandardError.ReadToEndAsync();
        await promtool.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));
        return (promtool.ExitCode, await output + await errors);
    }

    [GeneratedRegex("histogram_quantile\\(", RegexOptions.NonBacktracking)]
    private static partial Regex Quantile();

    [GeneratedRegex("histogram_quantile\\([0-9.]+, (sum by \\(([a-z_]+, )*le\\) \\(rate\\(|[a-z0-9_]+:[a-z_]+_bucket:rate5m\\))", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex SummedQuantile();

    [GeneratedRegex("\\b(avg|avg_over_time|quantile|quantile_over_time)\\b", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Average();
}
