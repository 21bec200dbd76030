using System.Text.Json;
using Meshpulse.Lab.Checks;
using Meshpulse.Lab.Meshes;
using Meshpulse.Lab.Processes;

namespace Meshpulse.Lab.Loopback;

/// <summary>Whole programs: what an analysis printed at either end is told by both, and that it ran is in the history.</summary>
public sealed class TracesTests
{
    [Fact]
    public async Task Both_ends_of_a_path_tell_what_the_analyses_of_either_printed()
    {
        var places = Place.OnLoopback(2);
        var names = places.Select(p => $"{p.Identity.Address}").ToList();
        using var file = new LandscapeFile("");
        file.Write(Landscape(file, names));
        await using var a = await Checker.StartAsync(file, "a", places[0], "--mesh", "--json", "--history", file.Beside("a.db"));
        await using var b = await Checker.StartAsync(file, "b", places[1], names[0], "--mesh", "--json", "--history", file.Beside("b.db"));
        using var client = new HttpClient();
        foreach (var (end, place) in new[] { (a, places[0]), (b, places[1]) })
        {
            JsonElement path = default;
            await Until.HoldsAsync(
                async () => await TryAsync(client, place, $"path?from={names[0]}&to={names[1]}") is { } answer && NodesOf(path = answer).Distinct().Count() == 2,
                () => $"no traces of both ends: {path}\n{a.Printed}\n{b.Printed}");
            foreach (var trace in path.GetProperty("traces").EnumerateArray())
            {
                var other = names.Single(n => n != trace.GetProperty("node").GetString());
                Assert.Equal(("look", 3), (trace.GetProperty("name").GetString(), trace.GetProperty("exit_code").GetInt32()));
                Assert.Contains(" requests lost in ", trace.GetProperty("cause").GetString(), StringComparison.Ordinal);
                Assert.StartsWith($"looked at {other}\nsecond line\n# after ", trace.GetProperty("text").GetString(), StringComparison.Ordinal);
                Assert.EndsWith(": exit code 3\n", trace.GetProperty("text").GetString(), StringComparison.Ordinal);
            }

            JsonElement events = default;
            await Until.HoldsAsync(
                async () => await TryAsync(client, place, "events") is { } answer && KindsOf(events = answer).Contains("analysis"),
                () => $"no event of the analysis: {events}\n{end.Printed}");
            var happened = events.GetProperty("events").EnumerateArray().First(e => e.GetProperty("kind").GetString() == "analysis");
            Assert.Equal((names[place == places[0] ? 0 : 1], names[place == places[0] ? 1 : 0]), (happened.GetProperty("node").GetString(), happened.GetProperty("subject").GetString()));
            var told = (await TryAsync(client, place, $"path?from={names[0]}&to={names[1]}"))!.Value;
            Assert.Contains("analysis", KindsOf(told));
        }

        var (exit, output, error) = await NodeProcess.RunAsync("history", "--file", file.Beside("a.db"), "--events");
        Assert.Equal((0, ""), (exit, error));
        Assert.Contains("analysis look of the path to b took ", output, StringComparison.Ordinal);
    }

    /// <summary>All probes of the check are lost: nobody listens at its port.</summary>
    private static string Landscape(LandscapeFile file, List<string> names) => $$$"""
        maintenance_file = "{{{file.Beside("maintenance")}}}"
        analysis_dir = "{{{file.Beside("reports")}}}"
        [[group]]
        name = "all"
        [[server]]
        name = "a"
        ip = "{{{names[0]}}}"
        groups = ["all"]
        [[server]]
        name = "b"
        ip = "{{{names[1]}}}"
        groups = ["all"]
        [[check]]
        from = "all"
        to = "all"
        check = "tcp"
        port = 9
        interval = "100ms"
        [[analysis]]
        from = "all"
        to = "all"
        name = "look"
        min_loss = 1
        start_delay = "0s"
        command = "echo looked at {{server.to.ip}}; echo second line; exit 3"
        """;

    private static IEnumerable<string?> NodesOf(JsonElement path) => path.GetProperty("traces").EnumerateArray().Select(t => t.GetProperty("node").GetString());

    private static IEnumerable<string?> KindsOf(JsonElement document) => document.GetProperty("events").EnumerateArray().Select(e => e.GetProperty("kind").GetString());

    /// <summary>An answer; null where the node is not there yet, or does not know the other.</summary>
    private static async Task<JsonElement?> TryAsync(HttpClient client, Place place, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(await client.GetByteArrayAsync($"http://{place.Metrics}/api/v1/{path}"));
            return document.RootElement.Clone();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
