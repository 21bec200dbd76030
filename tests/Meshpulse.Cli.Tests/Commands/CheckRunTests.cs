using Meshpulse.Cli.Commands;
using Meshpulse.Core.Config;

namespace Meshpulse.Cli.Tests.Commands;

public sealed class CheckRunTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("meshpulse-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_file_that_cannot_be_read_ends_with_2_and_one_line()
    {
        var missing = Path.Combine(_folder.FullName, "x");

        Assert.Equal((2, $"mehsh_check: {UsageException.Echo(missing)}: no such file\n"), await Run(missing, "a"));
    }

    [Fact]
    public async Task Mistakes_end_with_2_and_stand_each_on_its_line()
    {
        var file = Write("prt = 1\n[[server]]\nname = \"a\"\nip = \"192.0.2.1\"\n[[check]]\nfrom = \"a\"\nto = \"a\"\ncheck = \"udp_ping\"\ndscp = 64\nhttp_url = 'x'\n");

        var run = await Run(file, "b");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(
            [
                $"{file}:1:1: unknown key 'prt' at the top level; did you mean 'port'?",
                $"{file}:2:3: no server is named 'b' (--name, or else this host's name); there are a",
                $"{file}:9:8: dscp 64 is out of range: 0 to 63",
                $"{file}:10:1: warning: http_url does nothing in a check of the kind udp_ping",
                "",
            ],
            run.Error.Split('\n'));
    }

    [Fact]
    public async Task Without_a_name_the_host_has_to_be_in_the_file()
    {
        var run = await Run(Write("[[server]]\nname = \"certainly not this host\"\nip = \"192.0.2.1\"\n"), name: null);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"no server is named '{System.Net.Dns.GetHostName()}' (--name, or else this host's name)", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("web1.example.net", "web1.example.net")]
    [InlineData("web1.example.org", "web1")]
    [InlineData("web1", "web1")]
    [InlineData("web2.example.net", "web2.example.net")]
    public void A_host_is_found_by_its_full_name_and_else_by_its_first_part(string hostName, string name)
    {
        var servers = LandscapeReader.Read("[[server]]\nname = 'web1'\nip = '192.0.2.1'\n[[server]]\nname = 'web1.example.net'\nip = '192.0.2.2'\n"u8, "test.toml").Value;

        Assert.NotNull(servers);
        Assert.Equal(name, CheckRun.OwnName(servers, hostName));
        Assert.Equal(hostName, CheckRun.OwnName(null, hostName));
    }

    [Fact]
    public void The_history_is_where_the_file_says_unless_the_command_line_says_otherwise()
    {
        var landscape = LandscapeReader.Read("history = '/var/kept/'\nmax_history = 64\n[[server]]\nname = 'a'\nip = '192.0.2.1'\n"u8, "test.toml").Value;
        Assert.NotNull(landscape);

        var kept = CheckRun.HistoryOf(new CheckArguments { File = "x" }, landscape, "a");
        Assert.Equal(("/var/kept/a.history", 64L << 20), (kept?.File, kept?.Size));
        var told = CheckRun.HistoryOf(new CheckArguments { File = "x", History = "/elsewhere/", HistorySize = 32 << 20 }, landscape, "a");
        Assert.Equal(("/elsewhere/a.history", 32L << 20), (told?.File, told?.Size));
        Assert.Null(CheckRun.HistoryOf(new CheckArguments { File = "x", NoHistory = true }, landscape, "a"));
    }

    private static async Task<(int ExitCode, string Error)> Run(string file, string? name)
    {
        using var error = new StringWriter();
        var code = await new CheckRun(InvocationName.MehshCheck, error).RunAsync(new CheckArguments { File = file, Name = name, Metrics = null }, CancellationToken.None);
        return (code, error.ToString());
    }

    private string Write(string text)
    {
        var file = Path.Combine(_folder.FullName, "mesh.toml");
        File.WriteAllText(file, text);
        return file;
    }
}
