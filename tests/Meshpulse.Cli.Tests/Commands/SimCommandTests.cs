using System.Text.Json;

namespace Meshpulse.Cli.Tests.Commands;

public class SimCommandTests
{
    [Theory]
    [InlineData("--nodes 5", "--nodes 5: the number of nodes must be at least 6 (default 8)")]
    [InlineData("--incidents 0", "--incidents 0: the number of incidents must be at least 1 (default one of each kind)")]
    [InlineData("--seed x", "--seed x: not a whole number; the seed is 0 to 1000000000000 (default 1)")]
    [InlineData("--require 101", "--require 101: what is required must be at most 100 % (default nothing)")]
    [InlineData("--two-at-once 101", "--two-at-once 101: the share of two at once must be at most 100 % (default 0)")]
    [InlineData("--two-at-once 60 --sick-observer 50", "--two-at-once 60 and --sick-observer 50 are more than 100 % together")]
    [InlineData("--kinds", "--kinds: a value is missing; it is which kinds take turns, as in path.loss,host.gone or host.*")]
    [InlineData("path.loss", "sim: path.loss is one word too many; kinds are given as in --kinds path.loss")]
    public async Task A_wrong_line_is_one_line_and_2(string words, string error)
    {
        var line = await Line.Of($"sim {words}");
        Assert.Equal((2, "", $"meshpulse: {error}\n"), (line.ExitCode, line.Output, line.Error));
    }

    [Theory]
    [InlineData("path.los")]
    [InlineData("paths.*")]
    [InlineData("observer.sick")]
    public async Task A_kind_that_there_is_not_is_answered_with_those_that_there_are(string kind)
    {
        var line = await Line.Of($"sim --kinds host.*,{kind}");
        Assert.Equal(2, line.ExitCode);
        Assert.StartsWith($"meshpulse: --kinds {kind}: no such kind; there are calm, host.cpu_contention, ", line.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_calm_time_is_perfect_where_nobody_says_anything()
    {
        var line = await Line.Of("sim --kinds calm --incidents 1 --nodes 6 --require 100");
        Assert.Equal((0, ""), (line.ExitCode, line.Error));
        Assert.Equal("calm                        1      1      1      0       -       -", line.Output.Split('\n')[1]);
    }

    [Fact]
    public async Task Json_is_one_object_with_every_incident()
    {
        var line = await Line.Of("sim --kinds calm --incidents 2 --seed 7 --nodes 6 --json");
        Assert.Equal((0, ""), (line.ExitCode, line.Error));
        using var json = JsonDocument.Parse(line.Output);
        Assert.Equal([7, 8], json.RootElement.GetProperty("incidents").EnumerateArray().Select(i => i.GetProperty("seed").GetInt32()));
        Assert.Equal(["calm", "all"], json.RootElement.GetProperty("kinds").EnumerateArray().Select(k => k.GetProperty("kind").GetString()));
    }

    [Fact]
    public async Task Two_at_once_are_two_incidents_of_one_seed()
    {
        var line = await Line.Of("sim --kinds clock.step --incidents 1 --seed 3 --nodes 6 --two-at-once 100 --json");
        Assert.Equal((0, ""), (line.ExitCode, line.Error));
        using var json = JsonDocument.Parse(line.Output);
        var incidents = json.RootElement.GetProperty("incidents").EnumerateArray().ToList();
        Assert.Equal([(3, "two_at_once"), (3, "two_at_once")], incidents.Select(i => (i.GetProperty("seed").GetInt32(), i.GetProperty("company").GetString()!)));
        Assert.Equal(["two at once", "all"], json.RootElement.GetProperty("kinds").EnumerateArray().Select(k => k.GetProperty("kind").GetString()!).TakeLast(2));
    }
}
