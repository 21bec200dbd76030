using System.Threading.Channels;
using Meshpulse.Agent.Analysis;
using Meshpulse.Core.Time;
using static Meshpulse.Agent.Tests.Analysis.Definitions;

namespace Meshpulse.Agent.Tests.Analysis;

/// <summary>A runner with a directory of its own, and the lines that it says.</summary>
internal sealed class RunnerFixture : IAsyncDisposable
{
    // Nothing waited for here should take this long: what does, hangs.
    public static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    private readonly Channel<FinishedAnalysis> _finished = Channel.CreateUnbounded<FinishedAnalysis>();
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("meshpulse-analysis-").FullName;
    private double _now = 1000;

    public RunnerFixture(Func<AnalysisSettings, AnalysisSettings>? change, params AnalysisDefinition[] definitions)
    {
        var settings = new AnalysisSettings { Directory = Path.Combine(_folder, "reports"), Grace = Duration.FromSeconds(3) };
        Settings = change?.Invoke(settings) ?? settings;
        Runner = new AnalysisRunner(Settings, definitions, line => _lines.Writer.TryWrite(line), At(0)) { Finished = run => _finished.Writer.TryWrite(run) };
    }

    public AnalysisSettings Settings { get; }

    public AnalysisRunner Runner { get; }

    public string Folder => _folder;

    /// <summary>Runs one command to its end; all lines.</summary>
    public static async Task<(List<string> Lines, string Report)> RunAsync(
        string command, Func<AnalysisSettings, AnalysisSettings>? change = null, Func<AnalysisDefinition, AnalysisDefinition>? define = null)
    {
        var definition = Of(command);
        definition = define?.Invoke(definition) ?? definition;
        await using var fixture = new RunnerFixture(change, definition);
        fixture.Offer(definition);
        var lines = await fixture.LinesOfRunAsync();
        return (lines, File.ReadAllText(ReportOf(lines)));
    }

    public static string ReportOf(List<string> lines) => lines[^1].Split(" - wrote report to ")[1];

    /// <summary>Offers a window with loss, each 1,000 s after the one before.</summary>
    public void Offer(AnalysisDefinition definition)
    {
        _now += 1000;
        Runner.Offer(definition.Pair, new LossWindow(161, 200, Duration.FromSeconds(5)), isMaintenance: false, At(_now));
    }

    /// <summary>Runs one command to its end; what is told of it then.</summary>
    public static async Task<FinishedAnalysis> FinishAsync(
        string command, Func<AnalysisSettings, AnalysisSettings>? change = null, Func<AnalysisDefinition, AnalysisDefinition>? define = null)
    {
        var definition = Of(command);
        definition = define?.Invoke(definition) ?? definition;
        await using var fixture = new RunnerFixture(change, definition);
        fixture.Offer(definition);
        return await fixture.FinishedAsync();
    }

    public async Task<FinishedAnalysis> FinishedAsync()
    {
        using var limit = new CancellationTokenSource(Hang);
        return await _finished.Reader.ReadAsync(limit.Token);
    }

    public async Task<string> LineAsync()
    {
        using var limit = new CancellationTokenSource(Hang);
        return await _lines.Reader.ReadAsync(limit.Token);
    }

    /// <summary>The lines up to that which is the last of a run.</summary>
    public async Task<List<string>> LinesOfRunAsync()
    {
        var lines = new List<string>();
        while (lines.Count == 0 || !(lines[^1].Contains(" report", StringComparison.Ordinal) && lines.Exists(l => l.EndsWith(" finished", StringComparison.Ordinal))))
        {
            lines.Add(await LineAsync());
        }

        return lines;
    }

    public async Task<string> LineAsync(string containing)
    {
        string line;
        do
        {
            line = await LineAsync();
        }
        while (!line.Contains(containing, StringComparison.Ordinal));
        return line;
    }

    public bool TryLine(out string? line) => _lines.Reader.TryRead(out line);

    public async ValueTask DisposeAsync()
    {
        await Runner.DisposeAsync();
        System.IO.Directory.Delete(_folder, recursive: true);
    }
}
