using System.Net;
using Meshpulse.Lab.Meshes;
using Meshpulse.Lab.Metrics;
using Meshpulse.Lab.Networks;
using Meshpulse.Lab.Processes;
using Meshpulse.Lab.Reports;

namespace Meshpulse.Lab.Checks;

/// <summary>A running <c>meshpulse check FILE --name NAME</c>.</summary>
internal sealed class Checker : IAsyncDisposable
{
    private readonly Scraper _scraper;
    private readonly IPEndPoint _metrics;
    private readonly bool _json;

    private Checker(string name, NodeProcess process, IPEndPoint metrics, NetworkNamespace? network, bool json)
    {
        (Name, Process, _metrics, _json) = (name, process, metrics, json);
        _scraper = new Scraper(metrics, network);
    }

    /// <summary>Which server of the file it is.</summary>
    public string Name { get; }

    /// <summary>The process.</summary>
    public NodeProcess Process { get; }

    /// <summary>What it printed so far.</summary>
    public CheckTranscript Transcript => _json ? CheckTranscript.ReadJson(Process.Output.Lines) : CheckTranscript.Read(Process.Output.Lines);

    /// <summary>All that it printed, for messages.</summary>
    public string Printed => $"== {Name}\n{Process.Output.Text}{Process.Error.Text}";

    /// <summary>Starts it on this machine.</summary>
    /// <param name="place">Where it serves its metrics; the other address is the file's matter.</param>
    public static async Task<Checker> StartAsync(LandscapeFile file, string name, Place place, params IReadOnlyList<string> options) => new(
        name,
        await NodeProcess.StartAsync(["check", file.FilePath, "--name", name, "-m", place.Metrics.ToString(), .. options], place.Network),
        place.Metrics,
        place.Network,
        options.Contains("--json"));

    /// <summary>Its metrics.</summary>
    public Task<MetricsPage> ScrapeAsync() => _scraper.ReadAsync();

    /// <summary>Waits until its metrics hold, and gives them.</summary>
    public async Task<MetricsPage> MetricsAsync(Predicate<MetricsPage> hold, string what)
    {
        MetricsPage? last = null;
        await Until.HoldsAsync(
            async () =>
            {
                AssertRuns();
                last = await _scraper.TryReadAsync() ?? last;
                return last is not null && hold(last);
            },
            () => $"{what}\n{last?.Text}\n{Printed}");
        return last!;
    }

    /// <summary>Waits for a report that fits, beginning with the one of this index, and gives it.</summary>
    public async Task<CheckWindow> ReportAsync(Predicate<CheckWindow> fits, string what, int from = 0)
    {
        CheckWindow? found = null;
        await Until.HoldsAsync(
            () =>
            {
                AssertRuns();
                return (found = Transcript.Windows.Skip(from).FirstOrDefault(window => fits(window))) is not null;
            },
            () => $"no report from the {from + 1}th on {what}:\n{Printed}");
        return found!;
    }

    /// <summary>Waits for so many notes with a text in them, and gives the last of them.</summary>
    public async Task<string> NoteAsync(string part, int count = 1)
    {
        List<string> found = [];
        await Until.HoldsAsync(
            () =>
            {
                AssertRuns();
                return (found = [.. Transcript.Notes.Where(note => note.Contains(part, StringComparison.Ordinal))]).Count >= count;
            },
            () => $"not {count} notes with {part}:\n{Printed}");
        return found[^1];
    }

    /// <summary>Has the file read by <c>POST /-/reload</c>.</summary>
    public async Task<(HttpStatusCode Status, string Text)> PostReloadAsync()
    {
        using var client = new HttpClient();
        using var answer = await client.PostAsync(new Uri($"http://{_metrics}/-/reload"), content: null);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Ends it; fails where it does not end with 0, wrote to standard error, or printed what is not its line.</summary>
    public async Task StopAsync()
    {
        Process.Send(Signal.Terminate);
        Assert.Equal(0, await Process.ExitAsync());
        Assert.Equal("", Process.Error.Text);
        Assert.EndsWith("\n", Process.Output.Text, StringComparison.Ordinal);
        _ = Transcript;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _scraper.Dispose();
        await Process.DisposeAsync();
    }

    private void AssertRuns() => Assert.False(Process.HasExited, $"{Name} ended by itself:\n{Printed}");
}
