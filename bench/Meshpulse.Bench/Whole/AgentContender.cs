using System.Globalization;

namespace Meshpulse.Bench.Whole;

/// <summary>The agent as anybody starts it, metrics included.</summary>
internal class AgentContender(BenchOptions options, int intervalMicroseconds, bool realtime = false)
    : Contender(new Child(Ports.NodeProcessor, options.Agent, Arguments(intervalMicroseconds, realtime)))
{
    private static readonly Uri s_metrics = new($"http://{Ports.Address}:{Ports.Metrics}/metrics");

    // The percentiles of a report window are read at the end of at least ten seconds: one window lies within them.
    private const int ReportSeconds = 5;

    private readonly HttpClient _http = new();
    private double _allocatedBefore;

    public override string Name => realtime ? "agent, real-time" : "agent";

    public override async Task WaitAsync()
    {
        // The console is read and forgotten; the agent tells us through its metrics that it is up.
        _ = Child.Output.BaseStream.CopyToAsync(Stream.Null);
        for (var patience = 100; patience > 0 && !Child.HasExited; patience--)
        {
            try
            {
                _ = await _http.GetStringAsync(s_metrics);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(100);
            }
        }

        throw new InvalidOperationException("The agent did not come up.");
    }

    public override async Task BeginAsync() => _allocatedBefore = await AllocatedAsync();

    public override async Task<OwnFigures> EndAsync()
    {
        var allocated = await AllocatedAsync() - _allocatedBefore;
        var page = await _http.GetStringAsync(s_metrics);
        double Late(string percentile) => Sample(page, $"meshpulse_wakeup_error_window_seconds{{percentile=\"{percentile}\"}}") * 1e6;
        var figures = new OwnFigures(Late("50"), Late("99"), Late("99.9"), allocated);
        Child.Signal("TERM");
        return figures;
    }

    /// <summary>Has the metrics read once, as a scraper does; returns the size of the page in bytes.</summary>
    protected async Task<long> ScrapeAsync() => (await _http.GetByteArrayAsync(s_metrics)).Length;

    private static string[] Arguments(int intervalMicroseconds, bool realtime)
    {
        var ping = (intervalMicroseconds / 1e3).ToString(CultureInfo.InvariantCulture);
        string[] arguments = ["-b", $"{Ports.Address}:{Ports.Mesh}", "-m", $"{Ports.Address}:{Ports.Metrics}", "-p", ping, "-i", $"{ReportSeconds}"];
        return realtime ? [.. arguments, "--realtime"] : arguments;
    }

    private static double Sample(string page, string name)
    {
        var line = page.Split('\n').FirstOrDefault(l => l.StartsWith(name + " ", StringComparison.Ordinal));
        return line is null ? double.NaN : double.Parse(line.AsSpan(name.Length), CultureInfo.InvariantCulture);
    }

    private async Task<double> AllocatedAsync() => Sample(await _http.GetStringAsync(s_metrics), "meshpulse_probing_allocated_bytes_total");
}
