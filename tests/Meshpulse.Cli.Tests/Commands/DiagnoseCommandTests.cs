using Meshpulse.Cli.Commands;

namespace Meshpulse.Cli.Tests.Commands;

public sealed class DiagnoseCommandTests
{
    [Theory]
    [InlineData("", "127.0.0.1:12223", false)]
    [InlineData("--json", "127.0.0.1:12223", true)]
    [InlineData("192.0.2.7", "192.0.2.7:12223", false)]
    [InlineData("192.0.2.7:99 --json", "192.0.2.7:99", true)]
    [InlineData("2001:db8::7", "[2001:db8::7]:12223", false)]
    [InlineData("[2001:db8::7]:99", "[2001:db8::7]:99", false)]
    [InlineData("web1.example", "web1.example:12223", false)]
    public async Task A_node_is_asked_at_the_port_of_its_metrics(string words, string node, bool json)
    {
        var line = await Line.Of($"diagnose {words}");
        Assert.Equal(("", Line.DiagnoseExitCode), (line.Error, line.ExitCode));
        Assert.Equal((node, json), (line.Diagnose!.Node.ToString(), line.Diagnose.Json));
    }

    [Theory]
    [InlineData("a b", "diagnose: one node at a time; b is one too many")]
    [InlineData("a:0", "diagnose a:0: port 0 is not a number from 1 to 65535")]
    [InlineData("./a --date 2026-02-30", "--date 2026-02-30: no day; one is written as in 2026-01-31")]
    [InlineData("a --date 2026-02-03", "--date: of files alone")]
    [InlineData("--jsn", "--jsn: no such option; did you mean --json?")]
    public async Task A_wrong_line_is_refused(string words, string error)
    {
        var line = await Line.Of($"diagnose {words}");
        Assert.Equal((CommandRunner.UsageExitCode, $"meshpulse: {error}\n"), (line.ExitCode, line.Error));
    }

    [Fact]
    public async Task Files_may_be_said_to_be_of_a_node_and_to_end_on_a_day()
    {
        var line = await Line.Of("diagnose web1=a.log ./b --date 2026-01-31");
        Assert.Equal(("", Line.DiagnoseExitCode), (line.Error, line.ExitCode));
        Assert.Equal(["web1=a.log", "./b"], line.Diagnose!.Files);
        Assert.Equal(new DateOnly(2026, 1, 31), line.Diagnose.Date);
    }

    [Fact]
    public async Task A_word_with_a_slash_or_that_is_a_file_is_a_log()
    {
        var line = await Line.Of("diagnose ./a logs/b --json");
        Assert.Equal(("", Line.DiagnoseExitCode), (line.Error, line.ExitCode));
        Assert.Equal(["./a", "logs/b"], line.Diagnose!.Files);
        Assert.True(line.Diagnose.Json);
        Assert.Empty((await Line.Of("diagnose web1")).Diagnose!.Files);
    }

    [Fact]
    public async Task Too_many_logs_are_refused()
    {
        var line = await Line.Of(["diagnose", .. Enumerable.Repeat("./a", 1_001)]);
        Assert.Equal((CommandRunner.UsageExitCode, "meshpulse: diagnose: 1001 files; at most 1000 at a time\n"), (line.ExitCode, line.Error));
    }

    [Fact]
    public async Task As_meshmonitor_it_is_a_server() =>
        Assert.Equal("diagnose", Assert.Single((await Line.Of("diagnose", "meshmonitor")).Mesh!.Servers).Host);
}
