using System.Text.RegularExpressions;
using Meshpulse.Core.Diagnosis;

namespace Meshpulse.Agent.Tests.Deploy;

/// <summary>What dashboards and rules ask for is what the program really serves: names, labels and the values of labels.</summary>
public sealed class DeployNamesTests(ServedFamilies served) : IClassFixture<ServedFamilies>
{
    /// <summary>What Prometheus itself adds.</summary>
    private static readonly string[] s_scraped = ["job", "instance"];

    [Fact]
    public void Every_series_is_served_or_recorded()
    {
        var recorded = Recorded().Keys;
        var unknown = DeployFiles.Expressions()
            .SelectMany(e => PromqlNames.Read(e.Text).Selectors.Select(s => (e.Place, s.Name)))
            .Where(u => u.Name != "up" && !recorded.Contains(u.Name) && served.FamilyOf(u.Name) is null);
        Assert.Empty(unknown);
    }

    [Fact]
    public void Rules_come_after_the_rules_that_they_stand_on()
    {
        var known = new HashSet<string>();
        foreach (var rule in DeployFiles.Rules().OrderBy(r => r.IsAlert))
        {
            Assert.Empty(PromqlNames.Read(rule.Expression).Selectors.Select(s => s.Name).Where(n => n.Contains(':', StringComparison.Ordinal)).Except(known));
            Assert.True(rule.IsAlert || known.Add(rule.Name), $"{rule.Name} is recorded twice");
        }
    }

    [Fact]
    public void Every_label_belongs_to_the_series_that_are_asked_for_it()
    {
        var recorded = Recorded();
        var wrong = new List<string>();
        foreach (var (place, text) in DeployFiles.Expressions())
        {
            var names = PromqlNames.Read(text);
            var known = names.Selectors.SelectMany(s => LabelsOf(s.Name, recorded)).Union(names.Made).ToHashSet();
            wrong.AddRange(names.Labels.Where(l => !known.Contains(l)).Select(l => $"{place}: {l}"));
            wrong.AddRange(
                from selector in names.Selectors
                from matcher in selector.Matchers
                where !LabelsOf(selector.Name, recorded).Contains(matcher.Label)
                select $"{place}: {selector.Name}{{{matcher.Label}}}");
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_value_that_a_label_is_compared_with_is_one_of_its_values()
    {
        var compared = (
            from expression in DeployFiles.Expressions()
            from selector in PromqlNames.Read(expression.Text).Selectors
            from matcher in selector.Matchers
            where matcher.Operator is "=" or "!=" && matcher.Value.Length > 0 && !matcher.Value.Contains('$', StringComparison.Ordinal)
            select (expression.Place, selector.Name, matcher.Label, matcher.Value)).ToList();
        Assert.Contains(compared, c => c.Value == "probing");
        Assert.DoesNotContain(compared, c => served.ValuesOf(c.Name, c.Label) is { Count: > 0 } values && !values.Contains(c.Value));
    }

    [Fact]
    public void Every_verdict_raises_exactly_one_alert()
    {
        var patterns = DeployFiles.Rules().Where(r => r.IsAlert && r.Name.StartsWith("MeshpulseVerdict", StringComparison.Ordinal))
            .Select(r => (r.Name, PromqlNames.Read(r.Expression).Selectors.Single(s => s.Name == "meshpulse_verdict_active").Matchers.Single().Value)).ToList();
        foreach (var id in VerdictKinds.Ids)
        {
            Assert.Single(patterns, p => Matches(p.Value, id));
        }
    }

    [Fact]
    public void What_originals_count_in_another_unit_is_not_asked_for() => Assert.DoesNotContain(
        DeployFiles.Expressions().SelectMany(e => PromqlNames.Read(e.Text).Selectors),
        s => s.Name.StartsWith("meshmonitor_", StringComparison.Ordinal) && s.Name.EndsWith("_sum", StringComparison.Ordinal));

    [Fact]
    public void Datadog_is_asked_for_what_its_agent_makes_of_our_page()
    {
        var queries = DatadogQuery.ReadAll();
        Assert.NotEmpty(queries);
        var collected = DatadogQuery.Collected();
        Assert.All(collected, pattern => Assert.Contains(queries, q => Matches(pattern, q.Metric)));
        foreach (var query in queries)
        {
            // The agent's check leaves the ending of counters out and puts its own there; a histogram becomes a distribution.
            var family = query.IsCount ? query.Metric + "_total" : query.Metric;
            Assert.True(served.Types.TryGetValue(family, out var type), $"{query.Text}: not served");
            Assert.True(query.IsCount == (type == "counter"), $"{query.Text}: {family} is a {type}");
            Assert.True(!query.IsDistribution || type == "histogram", $"{query.Text}: no distribution, a {type}");
            Assert.Contains(collected, pattern => Matches(pattern, query.Metric));
            Assert.Empty(query.Labels.Except(served.LabelsOf(type == "histogram" ? family + "_count" : family)).Except(["host"]));
        }
    }

    private static bool Matches(string pattern, string text) => Regex.IsMatch(text, $"^(?:{pattern})$", RegexOptions.None, TimeSpan.FromSeconds(1));

    /// <summary>The labels that each recorded series can have: those of what it is made of.</summary>
    private Dictionary<string, HashSet<string>> Recorded()
    {
        var recorded = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var rule in DeployFiles.Rules().Where(r => !r.IsAlert))
        {
            var names = PromqlNames.Read(rule.Expression);
            recorded[rule.Name] = [.. names.Selectors.SelectMany(s => LabelsOf(s.Name, recorded)), .. names.Made];
        }

        return recorded;
    }

    private IEnumerable<string> LabelsOf(string series, Dictionary<string, HashSet<string>> recorded) =>
        s_scraped.Concat(recorded.TryGetValue(series, out var labels) ? labels : served.LabelsOf(series));
}
