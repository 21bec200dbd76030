using Meshpulse.Agent.Configuration;

namespace Meshpulse.Agent.Tests.Configuration;

public sealed class LandscapeSourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meshpulse-source-").FullName;

    private string FilePath => Path.Combine(_folder, "mesh.toml");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_sound_file_is_taken_with_its_warnings()
    {
        var load = Load(Landscapes.Of(4001) + "http_url = 'x'\n");

        Assert.Equal(4001, load.Value!.Settings.Port);
        Assert.Empty(load.Errors);
        Assert.Equal([$"{FilePath}:9:1: warning: http_url does nothing in a check of the kind udp_ping"], load.Warnings);
    }

    [Fact]
    public void The_hash_is_that_of_the_content()
    {
        var load = Load("");

        Assert.Null(load.Value);
        Assert.Equal("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", load.ContentHash);
        Assert.NotEqual(Load(Landscapes.Of(4001)).ContentHash, Load(Landscapes.Of(4002)).ContentHash);
    }

    [Fact]
    public void Mistakes_are_lines_with_their_places()
    {
        var load = Load("prt = 1\n" + Landscapes.Of(70_000) + "http_url = 'x'\n");

        Assert.Null(load.Value);
        Assert.Equal(2, load.Errors.Count);
        Assert.Equal($"{FilePath}:1:1: unknown key 'prt' at the top level; did you mean 'port'?", load.Errors[0]);
        Assert.StartsWith($"{FilePath}:2:8: ", load.Errors[1], StringComparison.Ordinal);
        Assert.StartsWith($"{FilePath}:10:1: warning: ", Assert.Single(load.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_this_server_is_refused()
    {
        File.WriteAllText(FilePath, Landscapes.Of(4001));

        var load = new LandscapeSource(FilePath, "b").Load();

        Assert.Null(load.Value);
        Assert.Contains("no server is named 'b'", Assert.Single(load.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_shown_without_control_characters()
    {
        var source = new LandscapeSource(Path.Combine(_folder, "x\ny\u001b[2J"), "a");

        Assert.Equal($"{_folder}/x?y?[2J: no such file", Assert.Single(source.Load().Errors));
        File.WriteAllText(source.Path, "x");
        Assert.StartsWith($"{_folder}/x?y?[2J:1:2: ", source.Load().Errors[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo $(( {{server.to.extra1}} + 1 ))", 13, 11, "command: {{server.to.extra1}} can't stand between (( and )): ")]
    [InlineData("cat <<E\\n{{server.to.ip}}\\nE", 13, 11, "command: {{server.to.ip}} can't stand in a here-document; ")]
    [InlineData("mtr {{server.to.ip", 13, 11, "command: a placeholder is not closed; ")]
    public void A_command_that_can_not_be_filled_is_a_mistake_with_its_place(string command, int line, int column, string message)
    {
        var load = Load(WithCommand(command));

        Assert.Null(load.Value);
        Assert.StartsWith($"{FilePath}:{line}:{column}: {message}", Assert.Single(load.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("docker ps --format '{{.Names}}'; docker inspect -f '{{json .State}}{{Names}}' x")]
    [InlineData("echo $((1+1)); awk '{{print}}'; mtr {{ server.to.ip }}")]
    public void Other_braces_are_none(string command) => Assert.NotNull(Load(WithCommand(command)).Value);

    [Fact]
    public async Task Whatever_stands_there_is_answered_and_blocks_nobody()
    {
        var fifo = Path.Combine(_folder, "fifo");
        await Landscapes.RunAsync("mkfifo", fifo);
        var (loop, nowhere, toFifo, large) = (Path.Combine(_folder, "loop"), Path.Combine(_folder, "nowhere"), Path.Combine(_folder, "to-fifo"), Path.Combine(_folder, "large"));
        File.CreateSymbolicLink(loop, loop);
        File.CreateSymbolicLink(nowhere, Path.Combine(_folder, "x"));
        File.CreateSymbolicLink(toFifo, fifo);
        using (var file = File.Create(large))
        {
            file.SetLength((4 * 1024 * 1024) + 1);
        }

        using (var file = File.Create(large + "r"))
        {
            file.SetLength(1L << 40);
        }

        Assert.Equal("no such file", Problem(Path.Combine(_folder, "x")));
        Assert.Equal("no such file", Problem(Path.Combine(_folder, "x/y")));
        Assert.Equal("no such file", Problem(loop));
        Assert.Equal("no such file", Problem(nowhere));
        Assert.Equal("this is a folder; give a file", Problem(_folder));
        Assert.Equal("this is no regular file", Problem(fifo));
        Assert.Equal("this is no regular file", Problem(toFifo));
        Assert.Equal("this is no regular file", Problem("/dev/zero"));
        Assert.Equal("this is no regular file", Problem("/dev/null"));
        Assert.Equal("it is longer than 4194304 bytes", Problem(large));
        Assert.Equal("it is longer than 4194304 bytes", Problem(large + "r"));
    }

    [Fact]
    public async Task A_file_that_may_not_be_read_is_refused()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root may read everything");
        File.WriteAllText(FilePath, Landscapes.Of(4001));
        await Landscapes.RunAsync("chmod", "000", FilePath);

        Assert.Equal("no permission to read it", Problem(FilePath));
    }

    [Fact]
    public void The_longest_file_is_read_whole()
    {
        var text = Landscapes.Of(4001);

        Assert.NotNull(Load(text + new string('#', (4 * 1024 * 1024) - text.Length)).Value);
    }

    private static string WithCommand(string command) =>
        "[[server]]\nname = \"a\"\nip = \"192.0.2.1\"\n[[server]]\nname = \"b\"\nip = \"192.0.2.2\"\nextra1 = \"1\"\n[[analysis]]\n"
        + $"from = \"a\"\nto = \"b\"\nname = \"x\"\nmin_loss = 1\ncommand = \"{command}\"\n[[check]]\nfrom = \"a\"\nto = \"b\"\ncheck = \"udp_ping\"\n";

    private static string Problem(string path)
    {
        var load = new LandscapeSource(path, Landscapes.Name).Load();
        Assert.Null(load.Value);
        Assert.Equal("", load.ContentHash);
        var error = Assert.Single(load.Errors);
        Assert.StartsWith(path + ": ", error, StringComparison.Ordinal);
        return error[(path.Length + 2)..];
    }

    private LandscapeLoad Load(string text)
    {
        File.WriteAllText(FilePath, text);
        return new LandscapeSource(FilePath, Landscapes.Name).Load();
    }
}
