using Meshpulse.Cli.Commands;
using Meshpulse.Cli.Tests.Golden;

namespace Meshpulse.Cli.Tests.Commands;

public class CommandRunnerTests
{
    [Theory]
    [InlineData("-h", "meshpulse", "help.txt")]
    [InlineData("host --help -p 0", "meshpulse", "help.txt")]
    [InlineData("-vh", "renamed", "help.txt")]
    [InlineData("--help", "meshmonitor", "help-meshmonitor.txt")]
    [InlineData("check --help", "meshpulse", "help-check.txt")]
    [InlineData("check file --json --watch -h", "renamed", "help-check.txt")]
    [InlineData("-h", "mehsh_check", "help-mehsh-check.txt")]
    [InlineData("demo -h", "meshpulse", "help-demo.txt")]
    [InlineData("config -h", "meshpulse", "help-config.txt")]
    [InlineData("config check --help", "meshpulse", "help-config.txt")]
    [InlineData("maintenance --help", "meshpulse", "help-maintenance.txt")]
    [InlineData("reflect --listen :0 -h", "renamed", "help-reflect.txt")]
    [InlineData("probe --help", "meshpulse", "help-probe.txt")]
    [InlineData("trace --help", "meshpulse", "help-trace.txt")]
    [InlineData("diagnose --help", "meshpulse", "help-diagnose.txt")]
    [InlineData("history --from -1h -h", "renamed", "help-history.txt")]
    [InlineData("sim --seed 0 -h", "renamed", "help-sim.txt")]
    public async Task Help_is_the_agreed_text(string words, string invokedAs, string golden)
    {
        var line = await Line.Of(words, invokedAs);

        Assert.Equal(0, line.ExitCode);
        Assert.Equal(GoldenFile.Read(golden), line.Output);
        Assert.Equal("", line.Error);
        Assert.All(line.Output.Split('\n'), l => Assert.True(l.Length <= 80, l));
    }

    [Fact]
    public async Task Help_names_every_option()
    {
        var help = (await Line.Of("-h")).Output;
        string[] both = ["-v, --version", "-h, --help", "-t, --threshold", "-p, --ping", "-i, --interval", "-b, --bind", "-q, --quiet",
            "-m, --metrics-bind", "-d, --disable-metrics", "-x, --debug", "    --allow", "    --silence", "    --retention", "    --full-metrics", "    --no-stamp", "    --realtime", "    --max-peers", "    --no-share", "    --share-key-file", "    --log-file",
            "    --history", "    --history-size", "    --no-history"];
        Assert.All(both, option => Assert.Contains($"\n  {option} ", help, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Help_of_check_names_every_option()
    {
        var help = (await Line.Of("check -h")).Output;
        string[] all = ["-n, --name", "    --json", "    --watch", "-q, --quiet", "-x, --debug", "-m, --metrics-bind", "-d, --disable-metrics", "    --full-metrics", "    --history", "    --history-size", "    --no-history", "    --no-stamp", "    --realtime", "    --mesh", "-v, --version", "-h, --help"];
        Assert.All(all, option => Assert.Contains($"\n  {option} ", help, StringComparison.Ordinal));
        Assert.All(["-b", "-p", "-t", "-i", "--silence", "--retention", "--allow", "--max-peers", "--no-share", "--share-key-file", "--log-file"], option => Assert.Matches($@"\s{option}[\s,]", help));
    }

    [Fact]
    public async Task Help_of_history_names_every_option()
    {
        var help = (await Line.Of("history -h")).Output;
        string[] all = ["    --from", "    --to", "    --step", "    --points", "    --kind", "    --vitals", "    --events", "    --verdicts", "    --file", "    --json", "    --csv", "    --hlog", "-h, --help"];
        Assert.All(all, option => Assert.Contains($"\n  {option} ", help, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Help_of_reflect_names_every_option()
    {
        var help = (await Line.Of("reflect -h")).Output;
        string[] all = ["    --listen", "    --key-file", "    --allow", "    --stateless", "    --no-tlvs", "-m, --metrics-bind", "-d, --disable-metrics", "    --json", "-h, --help"];
        Assert.All(all, option => Assert.Contains($"\n  {option} ", help, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("-v", "meshpulse", "meshpulse 0.1.0\n")]
    [InlineData("--version -p 0", "renamed", "meshpulse 0.1.0\n")]
    [InlineData("-v", "meshmonitor", "meshmonitor 0.1.0\n")]
    [InlineData("check -v", "meshpulse", "meshpulse 0.1.0\n")]
    [InlineData("--version", "mehsh_check", "mehsh_check 0.1.0\n")]
    public async Task The_version_is_one_line(string words, string invokedAs, string output)
    {
        var line = await Line.Of(words, invokedAs);

        Assert.Equal((0, output, ""), (line.ExitCode, line.Output, line.Error));
    }

    [Fact]
    public async Task Demo_is_a_command_only_as_the_first_word()
    {
        Assert.Equal(Line.DemoExitCode, (await Line.Of("demo")).ExitCode);
        Assert.Equal(["demo:12222"], (await Line.Accepted("-q demo")).Servers.Select(s => s.ToString()));
        Assert.Equal(["demo:12222"], (await Line.Accepted("demo:12222")).Servers.Select(s => s.ToString()));
    }

    [Fact]
    public async Task Called_as_meshmonitor_demo_is_a_server_and_errors_carry_that_name()
    {
        var line = await Line.Of("demo", InvocationName.MeshMonitor);
        Assert.Equal(Line.MeshExitCode, line.ExitCode);
        Assert.Equal(["demo:12222"], line.Mesh!.Servers.Select(s => s.ToString()));

        Assert.Equal("meshmonitor: -z: no such option; meshmonitor --help lists them\n", (await Line.Of("-z", InvocationName.MeshMonitor)).Error);
    }
}
