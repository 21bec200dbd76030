using System.Text;
using Meshpulse.Agent.Analysis;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Tests.Analysis;

public class ReportNameTests
{
    [Theory]
    [InlineData("mtr", "mtr")]
    [InlineData("web 1.example.org", "web 1.example.org")]
    [InlineData("größe", "größe")]
    [InlineData("", "%")]
    [InlineData(".", "%2E")]
    [InlineData("..", "%2E.")]
    [InlineData("../../etc", "%2E.%2F..%2Fetc")]
    [InlineData("/etc/passwd", "%2Fetc%2Fpasswd")]
    [InlineData("-rf", "%2Drf")]
    [InlineData("a\0b\nc\u0085", "a%00b%0Ac%C2%85")]
    [InlineData("100%", "100%25")]
    public void A_name_is_made_fit(string name, string directory) => Assert.Equal(directory, ReportName.Of(name));

    [Fact]
    public void A_long_name_is_cut_and_still_its_own()
    {
        var (a, b) = (ReportName.Of(new string('x', 300)), ReportName.Of(new string('x', 301)));

        Assert.Equal(120, a.Length);
        Assert.StartsWith(new string('x', 103) + "%", a, StringComparison.Ordinal);
        Assert.NotEqual(a, b);
        Assert.Equal(new string('x', 103), ReportName.Of(new string('x', 103)));
    }

    [Fact]
    public void No_name_leaves_the_directory_and_none_is_anothers()
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        string[] tokens = ["/", ".", "..", "%", "%2F", "\\", "\0", "\n", "a", "-", "~", " ", "😀", new('y', 50)];
        for (var seed = 0; seed < 5000; seed++)
        {
            var random = new Random(seed);
            var name = string.Concat(Enumerable.Range(0, random.Next(0, 7)).Select(_ => tokens[random.Next(tokens.Length)]));

            var result = ReportName.Of(name);

            Assert.True(Path.GetFullPath(Path.Combine("/top", result)) == "/top/" + result && !result.Contains('/'), $"seed {seed}: {name}");
            Assert.True(Encoding.UTF8.GetByteCount(result) is >= 1 and <= 120 && !result.Any(char.IsControl), $"seed {seed}: {name}");
            Assert.True(!seen.TryGetValue(result, out var other) || other == name, $"seed {seed}: {name} and {other}");
            seen[result] = name;
        }
    }

    [Fact]
    public void Files_carry_the_time_in_UTC()
    {
        var start = new WallTime(1_648_202_197_999_999_999);

        Assert.Equal("2022_03_25_09_56_37.txt", ReportName.FileOf(start, 0));
        Assert.Equal("2022_03_25_09_56_37_07.txt", ReportName.FileOf(start, 7));
        Assert.All([0, 1, 99], attempt => Assert.True(ReportName.IsReport(ReportName.FileOf(start, attempt))));
        string[] others = ["notes.txt", "", ".txt", "2022_03_25_09_56_37", "2022_03_25_09_56_37.txt.old", "2022-03-25_09_56_37.txt", "2022_03_25_09_56_37_a7.txt", "2022_03_25_09_56_37_007.txt", "x022_03_25_09_56_37.txt"];
        Assert.All(others, name => Assert.False(ReportName.IsReport(name), name));
    }
}
