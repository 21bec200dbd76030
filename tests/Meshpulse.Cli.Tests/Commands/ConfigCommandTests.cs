using System.Text.Json;
using Meshpulse.Cli.Commands;

namespace Meshpulse.Cli.Tests.Commands;

public sealed class ConfigCommandTests : IDisposable
{
    private const string Sound = "[[server]]\nname = \"a\"\nip = \"192.0.2.1\"\n[[check]]\nfrom = \"a\"\nto = \"a\"\ncheck = \"udp_ping\"\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("meshpulse-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_sound_file_is_summed_up_in_one_line()
    {
        var file = Write(Sound);

        Assert.Equal((0, $"{file}: ok: 1 server, 0 groups, 1 check, 0 analyses\n", ""), await Run("check", file));
        Assert.Equal((0, $"{file}: ok: 1 server, 0 groups, 1 check, 0 analyses; a has 1 probe\n", ""), await Run("check", "--name=a", file));
    }

    [Fact]
    public async Task Mistakes_and_warnings_stand_on_standard_error_in_the_order_of_their_places()
    {
        var file = Write("prt = 1\n" + Sound + "http_url = 'x'\ndscp = 64\n");

        var run = await Run("check", file, "--name", "b");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.Equal(
            $"""
            {file}:1:1: unknown key 'prt' at the top level; did you mean 'port'?
            {file}:2:3: no server is named 'b' (--name, or else this host's name); there are a
            {file}:9:1: warning: http_url does nothing in a check of the kind udp_ping
            {file}:10:8: dscp 64 is out of range: 0 to 63

            """,
            run.Error);
    }

    [Fact]
    public async Task Warnings_alone_leave_the_exit_code_at_0()
    {
        var file = Write(Sound + "http_url = 'x'\n");

        Assert.Equal(
            (0, $"{file}: ok: 1 server, 0 groups, 1 check, 0 analyses\n", $"{file}:8:1: warning: http_url does nothing in a check of the kind udp_ping\n"),
            await Run("check", file));
    }

    [Fact]
    public async Task A_file_of_keys_that_is_not_there_is_a_mistake()
    {
        var keys = Path.Combine(_folder.FullName, "keys");
        var file = Write(Sound.Replace("udp_ping", "stamp", StringComparison.Ordinal) + $"key_file = \"{keys}\"\n");

        Assert.Equal((2, "", $"{file}:8:12: key_file: {keys}: no such file\n"), await Run("check", file));
    }

    [Fact]
    public async Task Json_is_one_document_on_standard_output()
    {
        var file = Write("prt = 1\n" + Sound + "http_url = 'x'\n");

        var run = await Run("check", file, "--json");

        Assert.Equal((2, ""), (run.ExitCode, run.Error));
        using var document = JsonDocument.Parse(run.Output);
        var root = document.RootElement;
        Assert.Equal(["file", "ok", "errors", "warnings"], root.EnumerateObject().Select(p => p.Name));
        Assert.Equal(file, root.GetProperty("file").GetString());
        Assert.False(root.GetProperty("ok").GetBoolean());
        var error = Assert.Single(root.GetProperty("errors").EnumerateArray());
        Assert.Equal(["line", "column", "message"], error.EnumerateObject().Select(p => p.Name));
        Assert.Equal((1, 1, "unknown key 'prt' at the top level; did you mean 'port'?"), (error.GetProperty("line").GetInt32(), error.GetProperty("column").GetInt32(), error.GetProperty("message").GetString()));
        var warning = Assert.Single(root.GetProperty("warnings").EnumerateArray());
        Assert.Equal((9, 1), (warning.GetProperty("line").GetInt32(), warning.GetProperty("column").GetInt32()));
    }

    [Fact]
    public async Task Json_of_a_sound_file_is_ok()
    {
        var run = await Run("check", Write(Sound), "--json");

        Assert.Equal(0, run.ExitCode);
        using var document = JsonDocument.Parse(run.Output);
        Assert.True(document.RootElement.GetProperty("ok").GetBoolean());
        Assert.Empty(document.RootElement.GetProperty("errors").EnumerateArray());
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_one_line()
    {
        var missing = Path.Combine(_folder.FullName, "x");

        Assert.Equal((2, "", $"meshpulse: {missing}: no such file\n"), await Run("check", missing));
        Assert.Equal((2, "", $"meshpulse: {_folder.FullName}: this is a folder; give a file\n"), await Run("check", _folder.FullName));
        Assert.Equal((2, "", "meshpulse: /dev/zero: it is longer than 4194304 bytes\n"), await Run("check", "/dev/zero"));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_a_document_as_well()
    {
        var run = await Run("check", "--json", Path.Combine(_folder.FullName, "x"));

        Assert.Equal((2, ""), (run.ExitCode, run.Error));
        using var document = JsonDocument.Parse(run.Output);
        var error = Assert.Single(document.RootElement.GetProperty("errors").EnumerateArray());
        Assert.Equal((0, 0, "no such file"), (error.GetProperty("line").GetInt32(), error.GetProperty("column").GetInt32(), error.GetProperty("message").GetString()));
    }

    [Theory]
    [InlineData("config", "config: the sub-command is missing; it is config check FILE")]
    [InlineData("config check", "config check: the file is missing; it is config check FILE")]
    [InlineData("config check ''", "config check: the file is missing; it is config check FILE")]
    [InlineData("config chekc x", "config chekc: no such sub-command; it is config check FILE")]
    [InlineData("config check x y", "config check: one file at a time; y is one too many")]
    [InlineData("config check x --jsno", "--jsno: no such option; did you mean --json?")]
    [InlineData("config check x --name", "--name: a value is missing; it is the name of a server in the file")]
    public async Task A_wrong_line_is_answered_with_the_right_one(string words, string error)
    {
        var line = await Line.Of(words);

        Assert.Equal((2, "", $"meshpulse: {error}\n"), (line.ExitCode, line.Output, line.Error));
    }

    [Fact]
    public async Task Called_as_meshmonitor_config_is_a_server()
    {
        var line = await Line.Of("config", InvocationName.MeshMonitor);

        Assert.Equal(Line.MeshExitCode, line.ExitCode);
        Assert.Equal(["config:12222"], line.Mesh!.Servers.Select(s => s.ToString()));
    }

    private static async Task<(int ExitCode, string Output, string Error)> Run(params string[] words)
    {
        var line = await Line.Of(["config", .. words]);
        return (line.ExitCode, line.Output, line.Error);
    }

    private string Write(string text)
    {
        var file = Path.Combine(_folder.FullName, "mesh.toml");
        File.WriteAllText(file, text);
        return file;
    }
}
