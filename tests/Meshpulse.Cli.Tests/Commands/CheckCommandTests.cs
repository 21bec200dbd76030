using Meshpulse.Cli.Commands;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Tests.Commands;

public class CheckCommandTests
{
    [Fact]
    public async Task A_file_alone_has_the_documented_defaults()
    {
        var check = await Accepted("check mehsh.toml");

        Assert.Equal(new CheckArguments { File = "mehsh.toml" }, check);
        Assert.Null(check.Name);
        Assert.Null(check.Mesh);
        Assert.Equal(CheckOutput.Lines, check.Output);
        Assert.Equal("*:12223", check.Metrics!.ToString());
        Assert.False(check.Quiet || check.Debug || check.Realtime || check.MeshBindGiven);
        Assert.True(check.Stamp);
    }

    [Theory]
    [InlineData("check f --name local -m 9 -q -x --json --realtime", "meshpulse")]
    [InlineData("check -n local --metrics-bind=:9 --quiet --debug --json --realtime f", "meshpulse")]
    [InlineData("check --name=local -qxm9 --json --realtime -- f", "renamed")]
    [InlineData("check -n other -nlocal f -qx -m 8 -m 9 --json --realtime", "meshpulse")]
    [InlineData("f --name=local -qxm9 --json --realtime", "mehsh_check")]
    public async Task Options_may_be_spelt_in_all_the_usual_ways(string words, string invokedAs)
    {
        var expected = new CheckArguments
        {
            File = "f",
            Name = "local",
            Output = CheckOutput.Json,
            Quiet = true,
            Debug = true,
            Realtime = true,
            Metrics = new MetricsBind(null, 9, false),
            MetricsGiven = true,
        };
        Assert.Equal(expected, await Accepted(words, invokedAs));
    }

    [Fact]
    public async Task The_sockets_of_stamp_checks_are_the_kernels_unless_others_are_asked_for() =>
        Assert.Equal((false, true), ((await Accepted("check f")).Portable, (await Accepted("check f --portable")).Portable));

    [Fact]
    public async Task Reports_have_three_forms_and_metrics_can_be_off()
    {
        Assert.Equal(CheckOutput.Watch, (await Accepted("check f --watch")).Output);
        Assert.Equal(CheckOutput.Json, (await Accepted("check f --json")).Output);
        Assert.Null((await Accepted("check f -d")).Metrics);
        Assert.False((await Accepted("check f")).MetricsGiven);
        Assert.Null((await Accepted("check f -m 9 --disable-metrics")).Metrics);
    }

    [Fact]
    public async Task With_the_mesh_its_servers_and_options_are_taken()
    {
        var check = await Accepted("check f b 192.0.2.7:9 --mesh -b 192.0.2.1:77 -p 7 -t 30 -i 60 --silence 5 --retention 6 --allow 192.0.2.0/24 --max-peers 8 -x -m 9 --realtime --no-stamp --full-metrics");
        var mesh = check.Mesh!;

        Assert.Equal("f", check.File);
        Assert.True(check.MeshBindGiven);
        Assert.Equal(["b:12222", "192.0.2.7:9"], mesh.Servers.Select(s => s.ToString()));
        Assert.Equal("192.0.2.1:77", mesh.Bind.ToString());
        Assert.Equal(Duration.FromMilliseconds(7), mesh.Ping);
        Assert.Equal(Duration.FromMilliseconds(30), mesh.Threshold);
        Assert.Equal(Duration.FromSeconds(60), mesh.Interval);
        Assert.Equal(Duration.FromSeconds(5), mesh.Silence);
        Assert.Equal(Duration.FromSeconds(6), mesh.Retention);
        Assert.Single(mesh.Allow);
        Assert.Equal(8, mesh.MaxPeers);
        Assert.Equal((check.Quiet, check.Debug, check.Realtime, check.Metrics), (mesh.Quiet, mesh.Debug, mesh.Realtime, mesh.Metrics));
        Assert.True(mesh.Debug && mesh.Realtime);
        Assert.False(mesh.Stamp || check.Stamp);
        Assert.True(mesh.FullMetrics && check.FullMetrics);
    }

    [Fact]
    public async Task A_mesh_whose_bind_was_left_out_is_told_from_one_with_the_default()
    {
        var left = await Accepted("check --mesh f");
        Assert.False(left.MeshBindGiven);
        Assert.Empty(left.Mesh!.Servers);

        var given = await Accepted("check --mesh f -b 127.0.0.1:12222");
        Assert.True(given.MeshBindGiven);
        Assert.Equal(left.Mesh.Bind, given.Mesh!.Bind);
    }

    [Theory]
    [InlineData("check", "check: the file is missing; it is check FILE --name NAME")]
    [InlineData("check ''", "check: the file is missing; it is check FILE --name NAME")]
    [InlineData("check --mesh", "check: the file is missing; it is check FILE --name NAME")]
    [InlineData("check f g", "check: one file at a time; g is one too many. If it is a server of the mesh, add --mesh")]
    [InlineData("check f -p 7", "-p: an option of the mesh; to be a node of it as well, add --mesh")]
    [InlineData("check f --ping=x", "--ping: an option of the mesh; to be a node of it as well, add --mesh")]
    [InlineData("check f -b 192.0.2.1", "-b: an option of the mesh; to be a node of it as well, add --mesh")]
    [InlineData("check f -t 7", "-t: an option of the mesh; to be a node of it as well, add --mesh")]
    [InlineData("check f -i 7", "-i: an option of the mesh; to be a node of it as well, add --mesh")]
    [InlineData("check f --silence 7", "--silence: an option of the mesh; to be a node of it as well, add --mesh")]
    [InlineData("check f --retention 7", "--retention: an option of the mesh; to be a node of it as well, add --mesh")]
    [InlineData("check f --allow 192.0.2.0/24", "--allow: an option of the mesh; to be a node of it as well, add --mesh")]
    [InlineData("check f --max-peers 7", "--max-peers: an option of the mesh; to be a node of it as well, add --mesh")]
    [InlineData("check f --mesh -p 0", "-p 0: the ping interval must be at least 0.1 ms (default 5)")]
    [InlineData("check f --mesh 0.0.0.0", "0.0.0.0: 0.0.0.0 names no host")]
    [InlineData("check f --json --watch", "--watch: not together with --json; the one is for people, the other for programs")]
    [InlineData("check f --watch -q", "-q: leaves nothing for --watch to show")]
    [InlineData("check f -m 70000", "-m 70000: port 70000 is not a number from 0 to 65535")]
    [InlineData("check f --name", "--name: a value is missing; it is the name of a server in the file")]
    [InlineData("check f --name=", "--name: a value is missing; it is the name of a server in the file")]
    [InlineData("check f --wacth", "--wacth: no such option; did you mean --watch?")]
    [InlineData("check f -z", "-z: no such option; meshpulse check --help lists them")]
    [InlineData("check f --json=1", "--json=1: --json takes no value")]
    public async Task A_wrong_line_is_answered_with_the_right_one(string words, string error)
    {
        var line = await Line.Of(words);

        Assert.Equal((2, "", $"meshpulse: {error}\n"), (line.ExitCode, line.Output, line.Error));
        Assert.Null(line.Check);
    }

    [Theory]
    [InlineData("", "the file is missing; it is mehsh_check FILE --name NAME")]
    [InlineData("f g", "one file at a time; g is one too many. If it is a server of the mesh, add --mesh")]
    [InlineData("f -z", "-z: no such option; mehsh_check --help lists them")]
    public async Task Called_as_mehsh_check_errors_carry_that_name(string words, string error) =>
        Assert.Equal($"mehsh_check: {error}\n", (await Line.Of(words, InvocationName.MehshCheck)).Error);

    [Theory]
    [InlineData("check")]
    [InlineData("config")]
    [InlineData("demo")]
    [InlineData("maintenance")]
    public async Task Called_as_mehsh_check_a_word_is_a_file(string word) =>
        Assert.Equal(word, (await Accepted(word, InvocationName.MehshCheck)).File);

    [Fact]
    public async Task Called_as_meshmonitor_check_is_a_server()
    {
        var line = await Line.Of("check", InvocationName.MeshMonitor);

        Assert.Equal(Line.MeshExitCode, line.ExitCode);
        Assert.Equal(["check:12222"], line.Mesh!.Servers.Select(s => s.ToString()));
        Assert.Equal(["check:12222"], (await Line.Accepted("check:12222")).Servers.Select(s => s.ToString()));
    }

    private static async Task<CheckArguments> Accepted(string words, string invokedAs = "meshpulse")
    {
        var line = await Line.Of(words, invokedAs);
        Assert.Equal("", line.Error);
        Assert.Equal(Line.CheckExitCode, line.ExitCode);
        return line.Check!;
    }
}
