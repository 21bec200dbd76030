using Meshpulse.Lab.Metrics;
using Meshpulse.Lab.Processes;
using Meshpulse.Lab.Reports;

namespace Meshpulse.Lab.Meshes;

/// <summary>A node of a mesh: a place, and the process that runs there, which may be another one later.</summary>
internal sealed class MeshMember(Place place) : IAsyncDisposable
{
    private readonly Scraper _scraper = new(place.Metrics, place.Network);
    private NodeProcess? _process;

    /// <summary>Where it lives.</summary>
    public Place Place { get; } = place;

    /// <summary>How others call it, by its address alone.</summary>
    public string Address => Place.Identity.Address.ToString();

    /// <summary>The process that runs, or ran last.</summary>
    public NodeProcess Process => _process ?? throw new InvalidOperationException("not started");

    /// <summary>True once it was started.</summary>
    public bool IsStarted => _process is not null;

    /// <summary>What the process printed so far.</summary>
    public Transcript Transcript => Transcript.Read(Process.Output.Lines);

    /// <summary>How many tables it printed so far.</summary>
    public int ReportCount => Transcript.Reports.Count;

    /// <summary>Starts it, or starts it again after its process ended.</summary>
    /// <param name="servers">Whom it is to call.</param>
    /// <param name="options">Its further options.</param>
    /// <param name="before">A command that is to start the program: the program's file follows it. None for the program itself.</param>
    public async Task StartAsync(IEnumerable<string> servers, IEnumerable<string> options, IReadOnlyList<string>? before = null)
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _process = await NodeProcess.StartAsync(
            [.. servers, "-b", Place.Identity.ToString(), "-m", Place.Metrics.ToString(), .. options],
            Place.Network,
            before is null ? [] : [.. before, NodeProcess.ProgramFile]);
    }

    /// <summary>Its metrics.</summary>
    public Task<MetricsPage> ScrapeAsync() => _scraper.ReadAsync();

    /// <summary>Its metrics; null where it does not answer.</summary>
    public Task<MetricsPage?> TryScrapeAsync() => _scraper.TryReadAsync();

    /// <summary>Waits until its metrics hold.</summary>
    public async Task MetricsAsync(Predicate<MetricsPage> hold, string what)
    {
        MetricsPage? last = null;
        await Until.HoldsAsync(
            async () =>
            {
                Assert.False(Process.HasExited, $"{Address} ended by itself:\n{Process.Output.Text}{Process.Error.Text}");
                last = await _scraper.TryReadAsync() ?? last;
                return last is not null && hold(last);
            },
            () => $"{Address}: {what}\n{last?.Text}\n{Process.Output.Text}");
    }

    /// <summary>Waits for a report that fits, beginning with the one of this index.</summary>
    public async Task<Report> ReportAsync(int from, Predicate<Report> fits, string what)
    {
        Report? found = null;
        await Until.HoldsAsync(
            () => (found = Transcript.Reports.Skip(from).FirstOrDefault(report => fits(report))) is not null,
            () => $"{Address}: no report from the {from + 1}th on {what}:\n{Process.Output.Text}");
        return found!;
    }

    /// <summary>Waits until something was said of a peer, beginning with the event of this index.</summary>
    public Task EventAsync(string address, string beginning, int from = 0) => Until.HoldsAsync(
        () => Transcript.Events.Skip(from).Any(e => e.Address == address && e.Text.StartsWith(beginning, StringComparison.Ordinal)),
        () => $"{Address}: no line [{address}] {beginning} from the {from + 1}th event on:\n{Process.Output.Text}");

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _scraper.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }
}
