using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Meshpulse.Agent.Export;

namespace Meshpulse.Agent.Tests.Export;

/// <summary>The judges: promtool reads a page, and a real Prometheus scrapes the server and is asked in PromQL.</summary>
public sealed class PrometheusTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("meshpulse-prometheus-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Promtool_finds_nothing_to_say()
    {
        var (exit, output) = await PromtoolAsync(Page.Bytes(ExpositionFormat.PrometheusText, WriteAll));
        Assert.Equal("", output);
        Assert.Equal(0, exit);
    }

    [Fact]
    public async Task Promtool_would_have_found_something()
    {
        // The check above can fail: the same tool refuses a family that is declared twice.
        var (exit, output) = await PromtoolAsync("# HELP a_total h\n# TYPE a_total counter\na_total 1\n# TYPE a_total counter\n"u8.ToArray());
        Assert.NotEqual(0, exit);
        Assert.NotEqual("", output);
    }

    [Fact]
    public async Task Prometheus_scrapes_the_server_and_computes_the_quantile()
    {
        var program = Find("prometheus");
        await using var server = await TestServers.StartAsync(WriteAll);
        var port = Ports.Next();
        using var prometheus = await StartPrometheusAsync(program, port, server.LocalEndPoint.Port);
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = RawConnection.Hang };
            Assert.Equal(1, await AskAsync(client, prometheus, "up == 1"));

            // 100 observations between 1 and 2 ms: linear interpolation puts the median in the middle and p90 at nine tenths.
            const string Of = "histogram_quantile({0}, sum by (le) (meshmonitor_send_seconds_bucket{{remote_host_name=\"10.0.0.9\"}}))";
            Assert.Equal(0.0015, await AskAsync(client, prometheus, string.Format(CultureInfo.InvariantCulture, Of, "0.5")), 12);
            Assert.Equal(0.0019, await AskAsync(client, prometheus, string.Format(CultureInfo.InvariantCulture, Of, "0.9")), 12);
            Assert.Equal(100, await AskAsync(client, prometheus, "meshmonitor_send_seconds_count{remote_host_name=\"10.0.0.9\"}"));
            Assert.Equal(0.15, await AskAsync(client, prometheus, "meshmonitor_send_seconds_sum{remote_host_name=\"10.0.0.9\"}"), 12);
            Assert.Equal(1, await AskAsync(client, prometheus, "meshpulse_build_info{version=\"0.1.0\"}"));
            Assert.Equal(1, await AskAsync(client, prometheus, "count(meshpulse_peers{state=\"de\\\"ad\\\\\\n\"})"));
            Assert.Equal(1, await AskAsync(client, prometheus, "count(process_resident_memory_bytes)"));
            // A second scrape of a connection that was kept: the first is counted by then.
            Assert.Equal(1, await AskAsync(client, prometheus, "clamp_max(meshpulse_scrapes_total{outcome=\"served\"} > 1, 1)"));
            Assert.Equal("seconds", await UnitAsync(client, "meshmonitor_receive_seconds"));
        }
        finally
        {
            prometheus.Kill();
            await prometheus.WaitForExitAsync();
        }
    }

    private static void WriteAll(ExpositionWriter writer)
    {
        Page.WriteRepresentative(writer);
        writer.Family("meshmonitor_send_seconds", MetricKind.Histogram, "Time between wakeups of the sender.", "seconds");
        var counts = new long[Page.MeshmonitorBounds.Length + 1];
        counts[Array.IndexOf(Page.MeshmonitorBounds, 0.002)] = 100;
        writer.Histogram(Page.MeshmonitorBounds, counts, 0.15, new Label("host_name", "10.0.0.1"), new Label("remote_host_name", "10.0.0.9"));
        RuntimeFamilies.WriteGarbageCollector(writer);
        new ProcessFamilies().Write(writer);
    }

    internal static string Find(string program)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(d => Path.Combine(d, program)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"{program} is not installed: apt-get install prometheus");
        return path!;
    }

    /// <summary>What promtool has to say about a page; the test is skipped where there is none.</summary>
    internal static async Task<(int Exit, string Output)> PromtoolAsync(byte[] page)
    {
        using var promtool = Process.Start(new ProcessStartInfo(Find("promtool"), ["check", "metrics"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = promtool.StandardOutput.ReadToEndAsync();
        var errors = promtool.StandardError.ReadToEndAsync();
        await promtool.StandardInput.BaseStream.WriteAsync(page);
        promtool.StandardInput.Close();
        await promtool.WaitForExitAsync().WaitAsync(RawConnection.Hang);
        return (promtool.ExitCode, await output + await errors);
    }

    /// <summary>Asks until there is one answer: before the first scrape there is none, and before Prometheus listens there is nobody.</summary>
    private static async Task<double> AskAsync(HttpClient client, Process prometheus, string query)
    {
        using var bound = new CancellationTokenSource(RawConnection.Hang);
        var last = "";
        while (!bound.IsCancellationRequested)
        {
            Assert.False(prometheus.HasExited, "prometheus ended by itself");
            try
            {
                last = await client.GetStringAsync("/api/v1/query?query=" + Uri.EscapeDataString(query), bound.Token);
                using var answer = JsonDocument.Parse(last);
                var result = answer.RootElement.GetProperty("data").GetProperty("result");
                if (result.GetArrayLength() == 1)
                {
                    return double.Parse(result[0].GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture);
                }
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                last = e.Message;
            }

            await Task.Delay(100);
        }

        Assert.Fail($"{query}: {last}");
        return double.NaN;
    }

    private static async Task<string?> UnitAsync(HttpClient client, string family)
    {
        using var answer = JsonDocument.Parse(await client.GetStringAsync("/api/v1/targets/metadata?metric=" + family));
        return answer.RootElement.GetProperty("data")[0].GetProperty("unit").GetString();
    }

    private async Task<Process> StartPrometheusAsync(string program, int port, int target)
    {
        var config = Path.Combine(_directory, "prometheus.yml");
        await File.WriteAllTextAsync(
            config,
            $"""
            global:
              scrape_interval: 1s
              scrape_timeout: 1s
            scrape_configs:
              - job_name: meshpulse
                static_configs:
                  - targets: ["127.0.0.1:{target}"]

            """);
        string[] arguments =
        [
            $"--config.file={config}",
            $"--storage.tsdb.path={Path.Combine(_directory, "data")}",
            $"--web.listen-address=127.0.0.1:{port}",
            "--log.level=error",
        ];
        return Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = _directory })!;
    }
}
