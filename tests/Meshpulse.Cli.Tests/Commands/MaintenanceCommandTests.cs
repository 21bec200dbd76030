using System.Text.Json;
using Meshpulse.Cli.Commands;

namespace Meshpulse.Cli.Tests.Commands;

public sealed class MaintenanceCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("meshpulse-maintenance-").FullName;

    private string FilePath => Path.Combine(_folder, "m");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_is_switched_on_and_off_and_said_how_it_is()
    {
        Assert.Equal((0, "maintenance is off\n", ""), await RunAsync("status"));

        var on = await RunAsync("on", "--for=1h30m", "--reason", "kernel update");
        Assert.Equal(0, on.Code);
        Assert.Matches($@"^maintenance is on since (\S+Z) until (\S+Z): kernel update \({FilePath}\)\n$", on.Output);
        Assert.Equal(on, await RunAsync("status"));

        var open = await RunAsync("on");
        Assert.Matches($@"^maintenance is on since \S+Z, without end \({FilePath}\)\n$", open.Output);

        Assert.Equal((0, "maintenance is off\n", ""), await RunAsync("off"));
        Assert.False(File.Exists(FilePath));
        Assert.Equal((0, "maintenance is off\n", ""), await RunAsync("off"));

        File.WriteAllText(FilePath, "");
        Assert.Equal((0, $"maintenance is on, without end ({FilePath})\n", ""), await RunAsync("status"));
    }

    [Fact]
    public async Task Json_has_always_the_same_members()
    {
        var before = DateTimeOffset.UtcNow;
        using var on = JsonDocument.Parse((await RunAsync("on", "--for", "2d", "--reason", "größer", "--json")).Output);
        using var status = JsonDocument.Parse((await RunAsync("status", "--json")).Output);
        using var off = JsonDocument.Parse((await RunAsync("off", "--json")).Output);

        string[] members = ["maintenance", "reason", "since", "until", "file"];
        Assert.All([on, status, off], json => Assert.Equal(members, json.RootElement.EnumerateObject().Select(m => m.Name)));
        Assert.True(status.RootElement.GetProperty("maintenance").GetBoolean());
        Assert.Equal("größer", status.RootElement.GetProperty("reason").GetString());
        var since = status.RootElement.GetProperty("since").GetDateTimeOffset();
        Assert.InRange(since, before - TimeSpan.FromSeconds(1), DateTimeOffset.UtcNow);
        Assert.Equal(TimeSpan.FromDays(2), status.RootElement.GetProperty("until").GetDateTimeOffset() - since);
        Assert.False(off.RootElement.GetProperty("maintenance").GetBoolean());
        Assert.Equal(JsonValueKind.Null, off.RootElement.GetProperty("until").ValueKind);
        Assert.Equal(FilePath, off.RootElement.GetProperty("file").GetString());
    }

    [Theory]
    [InlineData("", "maintenance: what to do is missing; it is on, off or status")]
    [InlineData("up", "maintenance up: not known; it is on, off or status")]
    [InlineData("on update", "update: one word too many; a reason is given as in --reason 'kernel update'")]
    [InlineData("on --for 30", "--for 30: not a span of time; it is written as in 90s, 30m, 1h30m or 2d")]
    [InlineData("on --for m", "--for m: not a span of time; it is written as in 90s, 30m, 1h30m or 2d")]
    [InlineData("on --for -5m", "--for -5m: not a span of time; it is written as in 90s, 30m, 1h30m or 2d")]
    [InlineData("on --for 0s", "--for 0s: must be at least 1s")]
    [InlineData("on --for 366d", "--for 366d: must be at most 365d")]
    [InlineData("on --for 365d1s", "--for 365d1s: must be at most 365d")]
    [InlineData("on --for 99999999999999999999s", "--for 99999999999999999999s: must be at most 365d")]
    [InlineData("on --for", "--for: a value is missing; it is how long, as in 30m or 1h30m")]
    [InlineData("off --for 5m", "--for: of use only with maintenance on")]
    [InlineData("status --reason x", "--reason: of use only with maintenance on")]
    [InlineData("on --reson x", "--reson: no such option; did you mean --reason?")]
    [InlineData("--json=yes status", "--json=yes: --json takes no value")]
    public async Task A_wrong_line_is_one_line_and_changes_nothing(string words, string error)
    {
        Assert.Equal((2, "", $"meshpulse: {error}\n"), await RunAsync(words.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.False(File.Exists(FilePath));
    }

    [Fact]
    public async Task A_reason_has_a_bound()
    {
        Assert.Equal(0, (await RunAsync("on", "--reason", new string('x', 200))).Code);
        Assert.Equal(2, (await RunAsync("on", "--reason", new string('x', 201))).Code);
    }

    [Fact]
    public async Task What_can_not_be_written_is_exit_code_1()
    {
        Directory.CreateDirectory(FilePath);

        var expected = (1, "", $"meshpulse: maintenance: {UsageException.Echo(FilePath)}: a directory stands there; remove it with rmdir\n");
        Assert.Equal(expected, await RunAsync("on"));
        Assert.Equal(expected, await RunAsync("off"));
    }

    [Fact]
    public async Task Called_as_meshmonitor_it_is_a_server() =>
        Assert.Equal(["maintenance:12222"], (await Line.Of("maintenance", InvocationName.MeshMonitor)).Mesh!.Servers.Select(s => s.ToString()));

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] words)
    {
        var line = await Line.Of(["maintenance", $"--file={FilePath}", .. words]);
        return (line.ExitCode, line.Output, line.Error);
    }
}
