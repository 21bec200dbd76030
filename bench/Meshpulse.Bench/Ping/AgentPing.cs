using Meshpulse.Bench.Whole;

namespace Meshpulse.Bench.Ping;

/// <summary>The agent's checks as anybody starts them, reports and metrics included.</summary>
internal class AgentPing(BenchOptions options, string file, bool realtime = false)
    : PingContender(new Child(Ports.NodeProcessor, options.Agent, Arguments(file, realtime)))
{
    private static readonly Uri s_metrics = new($"http://127.0.0.1:{Ports.Metrics}/metrics");

    private readonly HttpClient _http = new();
    private MetricsPage? _before;

    public AgentPing(BenchOptions options, int targets, int intervalMicroseconds, bool realtime = false)
        : this(options, CheckFile.Write(options, targets, intervalMicroseconds), realtime)
    {
    }

    public override string Name => realtime ? "agent, real-time" : "agent";

    public override async Task WaitAsync()
    {
        // The reports are read and forgotten; the agent tells us through its metrics that it is up.
        _ = Child.Output.BaseStream.CopyToAsync(Stream.Null);
        for (var patience = 100; patience > 0 && !Child.HasExited; patience--)
        {
            try
            {
                _ = await ScrapeAsync();
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100);
            }
        }

        throw new InvalidOperationException("The agent did not come up.");
    }

    public override async Task BeginAsync() => _before = await ScrapeAsync();

    public override async Task<PingFigures> EndAsync()
    {
        var page = await ScrapeAsync();
        double Since(string name) => page.Sum(name) - (_before?.Sum(name) ?? 0);
        double Late(string percentile) => page.Sum("meshpulse_wakeup_error_window_seconds", $"percentile=\"{percentile}\"") * 1e6;
        var figures = new PingFigures(
            Late("50"), Late("99"), Late("99.9"), Since("meshpulse_probes_unsent_total"), Since("meshpulse_probes_lost_total"),
            Since("meshpulse_path_receive_drops_total") + DropsOf(page) - DropsOf(_before),
            Since("meshpulse_probing_allocated_bytes_total"), page.Length);
        Child.Signal("TERM");
        return figures;
    }

    /// <summary>Reads the metrics as a scraper does.</summary>
    public async Task<MetricsPage> ScrapeAsync() => new(await _http.GetStringAsync(s_metrics));

    public override void Dispose()
    {
        base.Dispose();
        _http.Dispose();
    }

    private static double DropsOf(MetricsPage? page) => page?.Sum("meshpulse_receive_queue_drops_total", "queue=\"probes\"") ?? 0;

    private static string[] Arguments(string file, bool realtime)
    {
        string[] arguments = ["check", file, "--name", "local", "-m", $"127.0.0.1:{Ports.Metrics}"];
        return realtime ? [.. arguments, "--realtime"] : arguments;
    }
}
