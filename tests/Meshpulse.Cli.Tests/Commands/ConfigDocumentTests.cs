using System.Text;
using System.Text.RegularExpressions;
using Meshpulse.Core.Config;

namespace Meshpulse.Cli.Tests.Commands;

/// <summary>What docs/config.md says is so.</summary>
public partial class ConfigDocumentTests
{
    private static readonly string s_document = File.ReadAllText(Path.Combine(ProcessRun.Checkout, "docs", "config.md"));

    [Fact]
    public void Its_example_is_sound()
    {
        var example = Assert.Single(Example().Matches(s_document)).Groups["text"].Value;
        var result = LandscapeReader.Read(Encoding.UTF8.GetBytes(example), "config.md", "web1");
        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
        Assert.Equal(
            ["udp_ping web1 -> db1", "http web1 -> web1", "http web1 -> web2", "tcp web1 -> db1", "stamp web1 -> db1"],
            result.Value!.ProbesFrom("web1").Select(p => p.ToString()));
    }

    [Theory]
    [InlineData("", "## At the top level")]
    [InlineData("[[group]]\n", "## `[[group]]`")]
    [InlineData("[[server]]\n", "## `[[server]]`")]
    [InlineData("[[check]]\n", "## `[[check]]`")]
    [InlineData("[[analysis]]\n", "## `[[analysis]]`")]
    public void It_has_every_key_that_is_taken_in_its_section_and_no_other(string header, string heading)
    {
        var message = LandscapeReader.Read(Encoding.UTF8.GetBytes($"{header}zzzzzzzz = 1\n"), "x").Errors
            .Select(e => e.Message).Single(m => m.Contains("'zzzzzzzz'", StringComparison.Ordinal));
        var taken = message.Split("there are ")[1].Split([", ", " and "], StringSplitOptions.None).Except(["group", "server", "check", "analysis"]);
        var section = s_document.Split($"{heading}\n")[1].Split("\n## ")[0];
        var documented = section.Split('\n').Where(l => l.StartsWith("| `", StringComparison.Ordinal)).SelectMany(l => Key().Matches(l.Split('|')[1])).Select(m => m.Groups["name"].Value);
        if (header == "[[check]]\n")
            taken = taken.Append("check");
        Assert.Equal(taken.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("```toml\n(?<text>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Example();

    [GeneratedRegex("`(?<name>[a-z0-9_]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Key();
}
