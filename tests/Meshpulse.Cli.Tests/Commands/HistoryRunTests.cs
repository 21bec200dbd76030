using System.Diagnostics;
using System.Text.Json;
using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Agent.History;
using Meshpulse.Cli.Commands;
using Meshpulse.Cli.Tests.Golden;
using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Tests.Commands;

public sealed class HistoryRunTests : IDisposable
{
    private const string Jar = "/usr/share/java/hdrhistogram.jar";
    // 2027-01-15T08:00:00Z.
    private const long Begin = 1_800_000_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("meshpulse-history").FullName;

    public HistoryRunTests()
    {
        Assert.SkipUnless(HistoryLibrary.TryLoad(out var problem), problem ?? "");
        Write(Path.Combine(_folder, "a.history"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_table_for_people() => Assert.Equal(GoldenFile.Read("history.txt"), await ShowAsync("b --step 10s"));

    [Fact]
    public async Task What_there_is()
    {
        var text = await ShowAsync("");
        Assert.StartsWith("a, in ", text, StringComparison.Ordinal);
        Assert.Contains("\npath      a -> b  mesh             2027-01-15 08:00:", text, StringComparison.Ordinal);
        Assert.Contains("\nheartbeat a -> b  heartbeat  ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_and_verdicts()
    {
        Assert.Equal("2027-01-15 08:00:03 peer_left b: the connection was reset\n", await ShowAsync("--events"));
        Assert.Equal("2027-01-15 08:00:05 begun host.gone b since 2027-01-15 08:00:03, 90 % sure\n", await ShowAsync("--verdicts"));
        using var json = JsonDocument.Parse(await ShowAsync("--verdicts --json"));
        Assert.Equal("host.gone", json.RootElement.GetProperty("verdicts")[0].GetProperty("verdict").GetProperty("what").GetString());
        Assert.Equal("nothing happened in that time\n", await ShowAsync("--events --to 2027-01-15T08:00:01Z"));
    }

    [Fact]
    public async Task Csv_has_a_line_for_each_step_and_as_many_fields_in_each()
    {
        var lines = (await ShowAsync("b --csv --step 1s")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(31, lines.Length);
        Assert.StartsWith("time,step_seconds,source,target,check,covered_ms,sent,", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("2027-01-15T08:00:00.000000Z,1,a,b,mesh,", lines[1], StringComparison.Ordinal);
        Assert.Single(lines.Select(l => l.Split(',').Length).Distinct());
    }

    [Fact]
    public async Task Json_has_the_counts_and_percentiles_of_steps_and_of_all_together()
    {
        using var json = JsonDocument.Parse(await ShowAsync("b --json --step 10s"));
        var series = json.RootElement.GetProperty("series")[0];
        Assert.Equal(("path", "a", "b"), (series.GetProperty("kind").GetString(), series.GetProperty("source").GetString(), series.GetProperty("target").GetString()));
        Assert.Equal(3, series.GetProperty("windows").GetArrayLength());
        Assert.Equal(30 * 40, series.GetProperty("total").GetProperty("sent").GetInt64());
        Assert.InRange(series.GetProperty("total").GetProperty("round_trip_ms").GetProperty("max").GetDouble(), 2.9, 3.1);
    }

    [Fact]
    public async Task A_histogram_log_is_read_by_the_tools_of_the_field()
    {
        var log = await ShowAsync("b --hlog --step 1s");
        var intervals = new HistogramLogReader(new StringReader(log)).ReadAll().ToList();
        Assert.Equal([null, "forward"], intervals.Select(i => i.Tag).Distinct());
        Assert.Equal(1_200, intervals.Where(i => i.Tag is null).Sum(i => i.Histogram.TotalCount));

        Assert.SkipUnless(File.Exists(Jar), $"{Jar} is missing: apt-get install libhdrhistogram-java");
        Assert.SkipUnless((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(p => File.Exists(Path.Combine(p, "java"))), "java is missing: apt-get install default-jdk-headless");
        var file = Path.Combine(_folder, "b.hlog");
        await File.WriteAllTextAsync(file, log);
        Assert.Contains("#[Max     =         3.01, Total count    =         1200]", await JavaAsync(file), StringComparison.Ordinal);
        Assert.Contains("#[Max     =         0.50, Total count    =          600]", await JavaAsync(file, "-tag", "forward"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("c", "has nothing of c; there are b")]
    [InlineData("--vitals", "has no vitals")]
    [InlineData("b --file /nowhere", "/nowhere: there is no history")]
    public async Task What_is_not_there_is_said(string words, string error)
    {
        var (code, output, told) = await RunAsync(words);
        Assert.Equal((1, ""), (code, output));
        Assert.EndsWith($"{error}\n", told, StringComparison.Ordinal);
        Assert.StartsWith("meshpulse: history: ", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_none_is_said_to_be_damaged()
    {
        var file = Path.Combine(_folder, "text.history");
        await File.WriteAllTextAsync(file, string.Concat(Enumerable.Repeat("no history ", 1_000)));
        Assert.Equal((1, "", $"meshpulse: history: {file} is damaged\n"), await RunAsync($"--file {file}"));
    }

    private static async Task<string> JavaAsync(string file, params string[] more)
    {
        var start = new ProcessStartInfo("java", ["-XX:+UseSerialGC", "-cp", Jar, "org.HdrHistogram.HistogramLogProcessor", "-i", file, .. more]) { RedirectStandardOutput = true };
        using var java = Process.Start(start)!;
        var text = await java.StandardOutput.ReadToEndAsync();
        await java.WaitForExitAsync();
        return text;
    }

    private static void Write(string file)
    {
        using var writer = new HistoryWriter(file, HistoryOptions.DefaultSize, "a");
        for (var second = 0; second < 30; second++)
        {
            var path = new HistoryRow(HistoryShape.Path);
            path.Add(path.Shape.FigureAt("sent"), 40);
            path.Add(path.Shape.FigureAt("lost_forward"), second == 3 ? 5 : 0);
            path.Record(path.Shape.HistogramAt("round_trip")).Record(1_000_000 + (second * 10_000), 39);
            path.Record(path.Shape.HistogramAt("round_trip")).Record(3_000_000);
            path.Record(path.Shape.HistogramAt("forward")).Record(500_000, 20);
            var heartbeat = new HistoryRow(HistoryShape.Heartbeat);
            heartbeat.Add(heartbeat.Shape.FigureAt("received"), 200);
            writer.Take(new HistoryBatch(
                At(second + 1),
                [(Begin + second, new SeriesName(SeriesKind.Path, "a", "b", "mesh"), path), (Begin + second, new SeriesName(SeriesKind.Heartbeat, "a", "b", "heartbeat"), heartbeat)],
                second == 3 ? [new HistoryEvent(At(3), "peer_left", "b", "the connection was reset")] : [],
                second == 5 ? [new HistoryVerdict(At(5), "begun", VerdictEntry.Of(new Verdict("7", VerdictKind.HostGone, VerdictPlace.Host("b"), At(3), null, 0.9)))] : []));
            writer.Commit();
        }
    }

    private static WallTime At(double second) => new((long)((Begin + second) * 1e9));

    private async Task<string> ShowAsync(string words)
    {
        var (code, output, error) = await RunAsync(words);
        Assert.Equal((0, ""), (code, error));
        return output;
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(string words)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        string[] place = words.Contains("--file", StringComparison.Ordinal) ? [] : ["--file", _folder];
        string[] span = words.Contains("--to", StringComparison.Ordinal) ? [] : ["--to", "2027-01-15T08:00:30Z"];
        var command = new HistoryCommand([.. words.Split(' ', StringSplitOptions.RemoveEmptyEntries), .. place, .. span, "--from", "2027-01-15T08:00:00Z"]);
        return (await new HistoryRun(output, error).RunAsync(command.Read(At(60)), CancellationToken.None), output.ToString(), error.ToString());
    }
}
