using System.Text.Json;
using Meshpulse.Agent.Hosting;
using Meshpulse.Cli.Console;
using Meshpulse.Cli.Tests.Golden;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Tests.Console;

public class CheckJsonTests
{
    [Fact]
    public void The_lines_are_the_agreed_ones()
    {
        Assert.Equal(GoldenFile.Read("check-json.txt"), CheckJson.Format(SampleReport.OfFirst(isMaintenance: true)));
        Assert.Equal(GoldenFile.Read("check-json-kinds.txt"), CheckJson.Format(SampleReport.OfAllKinds()));
    }

    [Fact]
    public void Each_line_is_an_object_and_those_of_a_type_and_kind_have_the_same_members()
    {
        var lines = (CheckJson.Format(SampleReport.OfFirst()) + CheckJson.Format(SampleReport.OfAllKinds())).Split('\n');

        Assert.Equal("", lines[^1]);
        var members = lines[..^1].Select(line =>
        {
            using var json = JsonDocument.Parse(line);
            return (Kind: $"{json.RootElement.GetProperty("type")} {json.RootElement.GetProperty("check")}", Names: string.Join(' ', NamesOf(json.RootElement)));
        }).Distinct().ToList();
        Assert.Equal(10, members.Count);
        Assert.Equal(10, members.Select(m => m.Kind).Distinct().Count());
    }

    [Fact]
    public void Figures_keep_their_fraction_and_their_size()
    {
        var probe = SampleReport.Probes(SampleReport.First, "local")[0];
        var window = SampleReport.Window(long.MaxValue, 1) with { Min = new Duration(1), Max = new Duration(243_100) };
        var line = CheckJson.Format(SampleReport.Of([SampleReport.Pair(probe, window)]) with { Window = Duration.FromMilliseconds(1_500) });

        Assert.Contains(
            "\"window_s\":1.5,\"requests\":9223372036854775807,\"responses\":1,\"loss\":9223372036854775806,\"max_latency_us\":243.1,\"min_latency_us\":0.001,",
            line,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_note_is_a_line_whatever_it_holds()
    {
        Assert.Equal(
            "{\"type\":\"note\",\"at\":\"2022-03-25T09:56:37.123456Z\",\"text\":\"a \\\"b\\\" -> c\",\"detail\":false}\n",
            CheckJson.Format(new CheckNote(SampleReport.At, "a \"b\" -> c")));

        var hostile = CheckJson.Format(new CheckNote(SampleReport.At, "a\n\e[2J\u0085\u2028", IsDetail: true));
        Assert.Equal(hostile.Length - 1, hostile.IndexOf('\n'));
        Assert.DoesNotContain(hostile[..^1], c => char.IsControl(c) || c is '\u2028');
        using var json = JsonDocument.Parse(hostile);
        Assert.Equal("a\n\e[2J\u0085\u2028", json.RootElement.GetProperty("text").GetString());
        Assert.True(json.RootElement.GetProperty("detail").GetBoolean());

        using var half = JsonDocument.Parse(CheckJson.Format(new CheckNote(SampleReport.At, "a\ud83d")));
        Assert.StartsWith("a", half.RootElement.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    private static IEnumerable<string> NamesOf(JsonElement element) => element.EnumerateObject()
        .SelectMany(m => m.Value.ValueKind == JsonValueKind.Object ? NamesOf(m.Value).Prepend(m.Name) : [m.Name]);
}
