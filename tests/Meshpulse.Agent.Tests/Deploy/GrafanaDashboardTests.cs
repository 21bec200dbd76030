using System.Text.Json;

namespace Meshpulse.Agent.Tests.Deploy;

/// <summary>The Grafana dashboards are sound: they import anywhere, and every panel says what it shows.</summary>
public sealed class GrafanaDashboardTests
{
    private const string Source = "${datasource}";

    public static TheoryData<string> Boards => [.. DeployFiles.DashboardFiles.Select(p => Path.GetFileName(p))];

    [Fact]
    public void There_are_the_fleet_a_pair_and_a_host() => Assert.Equal(["fleet.json", "host.json", "pair.json"], DeployFiles.DashboardFiles.Select(p => Path.GetFileName(p)));

    [Theory]
    [MemberData(nameof(Boards))]
    public void Every_panel_has_a_number_of_its_own_a_title_a_description_a_unit_and_queries(string board)
    {
        using var document = Read(board);
        var panels = Panels(document);
        Assert.Equal(panels.Count, panels.Select(p => p.GetProperty("id").GetInt32()).Distinct().Count());
        foreach (var panel in panels)
        {
            var title = Text(panel, "title");
            Assert.NotEqual("", title);
            if (Text(panel, "type") == "row")
            {
                continue;
            }

            Assert.True(Text(panel, "description").Length > 0, $"{title} has no description");
            Assert.True(Text(panel.GetProperty("fieldConfig").GetProperty("defaults"), "unit").Length > 0, $"{title} has no unit");
            var targets = panel.GetProperty("targets").EnumerateArray().ToList();
            Assert.NotEmpty(targets);
            Assert.Equal(targets.Count, targets.Select(t => Text(t, "refId")).Distinct().Count());
        }
    }

    [Theory]
    [MemberData(nameof(Boards))]
    public void Everything_asks_the_data_source_that_was_chosen(string board)
    {
        using var document = Read(board);
        foreach (var asks in Panels(document).Where(p => Text(p, "type") != "row").SelectMany(p => p.GetProperty("targets").EnumerateArray().Prepend(p)))
        {
            Assert.Equal(Source, Text(asks.GetProperty("datasource"), "uid"));
        }

        var variables = Variables(document);
        Assert.Equal(("datasource", "datasource"), (Text(variables[0], "name"), Text(variables[0], "type")));
        Assert.All(variables.Skip(1), v => Assert.Equal(Source, Text(v.GetProperty("datasource"), "uid")));
    }

    [Theory]
    [MemberData(nameof(Boards))]
    public void Every_variable_is_used_and_every_one_used_is_there(string board)
    {
        using var document = Read(board);
        var names = Variables(document).Select(v => Text(v, "name")).ToHashSet();
        var texts = DeployFiles.ReadDashboard(Path.Combine(DeployFiles.Folder, "grafana", board)).Select(e => e.Text).ToList();
        var used = texts.SelectMany(UsedIn).Where(n => !n.StartsWith("__", StringComparison.Ordinal)).ToHashSet();
        Assert.Equal(names.Order(StringComparer.Ordinal), used.Append("datasource").Distinct().Order(StringComparer.Ordinal));
        Assert.All(texts, text => Assert.Contains("$job", text + (text.StartsWith("group by (job)", StringComparison.Ordinal) ? "$job" : ""), StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Boards))]
    public void Panels_do_not_overlap(string board)
    {
        using var document = Read(board);
        var cells = new HashSet<(int, int)>();
        foreach (var panel in Panels(document))
        {
            var place = panel.GetProperty("gridPos");
            var (x, y, w, h) = (place.GetProperty("x").GetInt32(), place.GetProperty("y").GetInt32(), place.GetProperty("w").GetInt32(), place.GetProperty("h").GetInt32());
            Assert.InRange(x + w, 1, 24);
            Assert.True(
                Enumerable.Range(x, w).All(column => Enumerable.Range(y, h).All(row => cells.Add((column, row)))), $"{Text(panel, "title")} lies on another");
        }
    }

    [Fact]
    public void Each_dashboard_has_heatmaps_from_histograms_and_links_to_the_others()
    {
        var documents = DeployFiles.DashboardFiles.Select(p => Read(Path.GetFileName(p))).ToList();
        var ids = documents.Select(d => Text(d.RootElement, "uid")).ToList();
        foreach (var document in documents)
        {
            var links = document.RootElement.GetProperty("links").EnumerateArray().Select(l => Text(l, "url").Split('/')[^1]);
            Assert.Equal(ids.Where(id => id != Text(document.RootElement, "uid")).Order(StringComparer.Ordinal), links.Order(StringComparer.Ordinal));
            var maps = Panels(document).Where(p => Text(p, "type") == "heatmap").ToList();
            Assert.NotEmpty(maps);
            Assert.All(maps, map => Assert.Contains("_bucket{", Text(map.GetProperty("targets")[0], "expr"), StringComparison.Ordinal));
            Assert.All(maps, map => Assert.Equal("heatmap", Text(map.GetProperty("targets")[0], "format")));
            document.Dispose();
        }
    }

    private static IEnumerable<string> UsedIn(string text)
    {
        for (var at = text.IndexOf('$', StringComparison.Ordinal); at >= 0; at = text.IndexOf('$', at + 1))
        {
            var name = new string([.. text.Skip(at + 1).TakeWhile(c => char.IsAsciiLetter(c) || c == '_')]);
            if (name.Length > 0)
            {
                yield return name;
            }
        }
    }

    private static JsonDocument Read(string board) => JsonDocument.Parse(File.ReadAllText(Path.Combine(DeployFiles.Folder, "grafana", board)));

    private static List<JsonElement> Panels(JsonDocument document) => [.. document.RootElement.GetProperty("panels").EnumerateArray()];

    private static List<JsonElement> Variables(JsonDocument document) => [.. document.RootElement.GetProperty("templating").GetProperty("list").EnumerateArray()];

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
