using System.Text;
using System.Text.Json;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Cli.Commands;
using Meshpulse.Cli.Fleet;
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

    [Fact]
    public async Task Console_output_of_meshmonitors_form_says_who_stood_still_and_who_ended()
    {
        // Recorded on loopback: 127.91.7.2 was stopped for 2.5 s, ten seconds later 127.91.7.3 was killed.
        string[] files = [.. new[] { 2, 3, 1 }.Select(i => Recorded($"meshmonitor-{i}.log"))];
        var (code, output, error) = await RunAsync(files, date: new DateOnly(2026, 11, 27));
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(["host.process_gone 127.91.7.3", "host.stalled 127.91.7.2"], Named(output));
        Assert.Contains("    longest time between heartbeats from 127.91.7.2 2,503 ms at 127.91.7.", output, StringComparison.Ordinal);
        Assert.Contains("    late in sending, or in reporting, by 2,503 ms at 127.91.7.2\n    when it was is known to within ", output, StringComparison.Ordinal);
        Assert.Contains($"logs of 127.91.7.1, 127.91.7.2, 127.91.7.3, {Utc(17, 3, 15)} to {Utc(17, 4, 9)} UTC: at the end 1 thing is wrong; 1 before\n", output, StringComparison.Ordinal);
        // Without the output of the one that was stopped all others say so.
        Assert.Contains("host.stalled 127.91.7.2", Named((await RunAsync([files[1], files[2]], date: new DateOnly(2026, 11, 27))).Output));
    }

    [Fact]
    public async Task Console_output_of_mehshs_form_says_which_server_was_late()
    {
        // Recorded on loopback: db1 was stopped for 4 s.
        var (code, output, error) = await RunAsync([.. new[] { "web1", "web2", "db1" }.Select(n => Recorded($"mehsh-{n}.log"))]);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(["host.stalled db1"], Named(output));
        Assert.Contains("\n    since 2026-11-27 17:04:3", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_may_be_given_another_name_and_all_kinds_go_together()
    {
        var date = DateOnly.FromDateTime(new DateTime(2027, 1, 15));
        var (code, output, error) = await RunAsync([Log("1", "10.0.0.1", 20), $"front={Recorded("meshmonitor-1.log")}", Recorded("mehsh-web1.log")], date: date);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("logs of 10.0.0.1, front, web1, ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_none_of_these_is_an_error_with_its_line()
    {
        var other = Path.Combine(_folder, "other.txt");
        File.WriteAllText(other, "\nDear all,\n");
        var (code, output, error) = await RunAsync([Log("1", "10.0.0.1", 20), other]);
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith($"meshpulse: diagnose: {other}:2: neither what --log-file writes nor what meshmonitor or mehsh print", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_of_others_among_them_are_counted_on_standard_error()
    {
        var file = Path.Combine(_folder, "web1.log");
        File.WriteAllText(file, "Picked up JAVA_TOOL_OPTIONS\n08:00:00 [               ] Connected to 0 servers\n");
        var (code, output, error) = await RunAsync([file]);
        Assert.Equal((0, $"meshpulse: diagnose: {file}:1: not a line of meshmonitor or mehsh; 1 such line is passed over\n"), (code, error));
        Assert.Contains("logs of web1, ", output, StringComparison.Ordinal);
    }

    private static string Recorded(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", "transcripts", name);

    /// <summary>What is told beneath the first line, in order.</summary>
    private static string[] Named(string output) => [.. output.Split('\n').Where(l => l.Length > 0 && l.Contains('.') && char.IsAsciiLetter(l[0]) && !l.StartsWith("logs of", StringComparison.Ordinal) && !l.EndsWith(':')).Order(StringComparer.Ordinal)];

    /// <summary>A local time of the recording, as it is told.</summary>
    private static string Utc(int hour, int minute, int second) =>
        new DateTime(2026, 11, 27, hour, minute, second, DateTimeKind.Local).ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);

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

    private static async Task<(int Code, string Output, string Error)> RunAsync(IReadOnlyList<string> files, bool json = false, DateOnly? date = null)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var arguments = new DiagnoseArguments { Node = new NodeAccess(new HostPort("127.0.0.1", 12_223, true)), Files = files, Date = date, Json = json };
        return (await new DiagnoseRun(output, error).RunAsync(arguments, CancellationToken.None), output.ToString(), error.ToString());
    }
}
