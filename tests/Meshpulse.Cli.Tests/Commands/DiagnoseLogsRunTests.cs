using System.Text;
using System.Text.Json;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Cli.Commands;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Tests.Commands;

public sealed class DiagnoseLogsRunTests : IDisposable
{
    private const string Quiet = "2027-01-15 08:00:01 to 2027-01-15 08:00:20 UTC: nothing was wrong\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("meshpulse-logs").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_the_logs_say_is_printed()
    {
        string[] files = [Log("1", "10.0.0.1", 20), Log("2", "10.0.0.2", 20)];
        Assert.Equal((0, $"logs of 10.0.0.1, 10.0.0.2, {Quiet}", ""), await RunAsync(files));
        var (code, output, error) = await RunAsync(files, json: true);
        Assert.Equal((0, ""), (code, error));
        var document = JsonDocument.Parse(output).RootElement;
        Assert.Equal((1, "logs", 0), (document.GetProperty("version").GetInt32(), document.GetProperty("node").GetString(), document.GetProperty("verdicts").GetArrayLength()));
    }

    [Fact]
    public async Task Who_began_anew_is_in_it()
    {
        var file = Log("1", "10.0.0.1", 20);
        File.AppendAllText(file, string.Concat(Enumerable.Range(21, 20).Select(i => Line("10.0.0.1", i, run: 8))));
        var (code, output, _) = await RunAsync([file, Log("2", "10.0.0.2", 40)]);
        Assert.Equal(0, code);
        Assert.Contains(" VERDICT host.restarted 10.0.0.1, ", output, StringComparison.Ordinal);
        Assert.Contains("\nhost.restarted 10.0.0.1\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damaged_lines_are_told_on_standard_error()
    {
        var file = Log("1", "10.0.0.1", 20);
        File.AppendAllText(file, "{\"version\":1,\"sli");
        Assert.Equal((0, $"logs of 10.0.0.1, {Quiet}", $"meshpulse: diagnose: {file}: 1 line is damaged and passed over\n"), await RunAsync([file]));
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_an_error()
    {
        var missing = Path.Combine(_folder, "none");
        var (code, output, error) = await RunAsync([Log("1", "10.0.0.1", 20), missing]);
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith($"meshpulse: diagnose: {missing}: ", error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(c => c == '\n'));
    }

    [Fact]
    public async Task A_folder_or_a_file_of_something_else_is_an_error()
    {
        Assert.Equal(1, (await RunAsync([_folder])).Code);
        var other = Path.Combine(_folder, "other");
        File.WriteAllText(other, "");
        Assert.Equal((1, "", $"meshpulse: diagnose: {other}: nothing that --log-file writes is in it\n"), await RunAsync([other]));
    }

    private static string Line(string node, int second, ulong run = 7)
    {
        var mono = new MonoTime(1_000_000_000L * (500 + second));
        return Encoding.UTF8.GetString(FleetJson.Write(new SliceLogLine(1, new NodeSlice(node, run, second)
        {
            From = mono - Duration.FromMilliseconds(1_000),
            At = new ClockPairing(mono, new WallTime(1_800_000_000_000_000_000 + (1_000_000_000L * second))),
        }))) + "\n";
    }

    private string Log(string name, string node, int seconds)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, string.Concat(Enumerable.Range(1, seconds).Select(i => Line(node, i))));
        return file;
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(IReadOnlyList<string> files, bool json = false)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var arguments = new DiagnoseArguments { Node = new HostPort("127.0.0.1", 12_223, true), Files = files, Json = json };
        return (await new DiagnoseRun(output, error).RunAsync(arguments, CancellationToken.None), output.ToString(), error.ToString());
    }
}
