using System.Globalization;
using System.Text;
using Meshpulse.Core.Config;
using static Meshpulse.Core.Tests.Config.ConfigSample;

namespace Meshpulse.Core.Tests.Config;

/// <summary>Every bound, from both sides.</summary>
public sealed class LandscapeLimitTests
{
    private const string Check = "[[check]]\nfrom = 'all'\nto = 'all'\ncheck = 'udp_ping'\n";

    [Fact]
    public void Servers_are_bounded()
    {
        Assert.Equal(3, Sound($"max_servers = 3\n{Mesh(3)}{Check}").Servers.Length);
        Assert.Equal(["16:3 there are more than 3 [[server]] blocks; max_servers at the top level may allow more"], Errors($"max_servers = 3\n{Mesh(5)}{Check}"));
    }

    [Fact]
    public void Targets_of_one_server_are_bounded()
    {
        Assert.Equal(5, Sound($"max_probes = 5\n{Mesh(5)}{Check}").ProbesFrom("s0").Length);
        Assert.Equal(["24:3 with this check 's0' has 5 targets; max_probes at the top level allows 4"], Errors($"max_probes = 4\n{Mesh(5)}{Check}"));
        Assert.Equal(["28:3 with this check 's4' has 6 targets; max_probes at the top level allows 5"], Errors($"max_probes = 5\n{Mesh(5)}{Check}[[check]]\nfrom = 's4'\nto = 's1'\ncheck = 'icmp'\n"));
    }

    [Fact]
    public void A_check_defined_twice_counts_once()
    {
        var result = Read($"max_probes = 5\n{Mesh(5)}{Check}{Check}");
        Assert.Empty(result.Errors);
        Assert.Single(result.Warnings);
    }

    [Theory]
    [InlineData("group", "name = 'x{0}'")]
    [InlineData("check", "from = 's0'\nto = 's0'\ncheck = 'tcp'\nport = {0}")]
    [InlineData("analysis", "from = 's0'\nto = 's1'\nname = 'n{0}'\nmin_loss = 1\ncommand = 'c'")]
    public void Other_blocks_are_bounded(string kind, string body)
    {
        var text = new StringBuilder("[[server]]\nname='s0'\nip='192.0.2.1'\n[[server]]\nname='s1'\nip='192.0.2.2'\n");
        for (var i = 1; i <= LandscapeLimits.MostBlocks; i++)
            text.Append(CultureInfo.InvariantCulture, $"[[{kind}]]\n{body.Replace("{0}", $"{i}", StringComparison.Ordinal)}\n");
        Assert.Empty(Read(text.ToString()).Errors);
        var line = text.ToString().Count(c => c == '\n') + 1;
        text.Append(CultureInfo.InvariantCulture, $"[[{kind}]]\n{body.Replace("{0}", "1001", StringComparison.Ordinal)}\n");
        Assert.Equal([$"{line}:3 there are more than 1000 [[{kind}]] blocks"], Errors(text.ToString()));
    }

    [Fact]
    public void Of_many_mistakes_the_first_are_shown_and_the_rest_is_counted()
    {
        var text = string.Concat(Enumerable.Range(0, 250).Select(i => $"[[server]]\nname = 's{i}'\nip = '1.2.3'\n"));
        var errors = Errors(text);
        Assert.Equal(201, errors.Length);
        Assert.Equal("600:6 50 more mistakes are not shown", errors[^1]);
    }

    [Fact]
    public void A_full_mesh_of_a_thousand_is_read_and_each_server_has_its_probes()
    {
        var landscape = Sound(Mesh(1000) + Check);
        Assert.Equal(1000, landscape.ProbesFrom("s999").Length);
        Assert.Equal("s999", landscape.ProbesFrom("s7")[^1].To.Name);
    }

    // The header takes two lines, each server four.
    private static string Mesh(int count) => "[[group]]\nname = 'all'\n" + string.Concat(Enumerable.Range(0, count)
        .Select(i => $"[[server]]\nname = 's{i}'\nip = '10.0.{i / 250}.{1 + (i % 250)}'\ngroups = ['all']\n"));
}
