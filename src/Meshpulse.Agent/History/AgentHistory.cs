using Meshpulse.Agent.Export;
using Meshpulse.Agent.Hosting;
using Meshpulse.Agent.Vitals;
using Meshpulse.Linux.Timing;

namespace Meshpulse.Agent.History;

/// <summary>The history of an agent: who puts it together, who writes it, and their metrics.</summary>
internal sealed class AgentHistory : IDisposable
{
    private readonly HistoryService _service;

    /// <summary>Prepares; nothing is written before <see cref="Start"/>.</summary>
    /// <param name="options">Where, and how much.</param>
    /// <param name="node">How this node is called.</param>
    /// <param name="note">Is given what an operator wants to know; from any thread.</param>
    public AgentHistory(HistoryOptions options, string node, Action<string> note)
    {
        _service = new HistoryService(options, node, note);
        Recorder = new HistoryRecorder(node, _service.Offer, SystemClocks.Pair);
    }

    /// <summary>The file.</summary>
    public string File => _service.File;

    /// <summary>Takes what is to be kept.</summary>
    public HistoryRecorder Recorder { get; }

    /// <summary>Begins.</summary>
    /// <param name="vitals">Not started yet.</param>
    /// <param name="checks">The checks' series; null without checks.</param>
    /// <param name="version">The program's.</param>
    public void Start(VitalsService vitals, ProbeBook? checks, string version)
    {
        vitals.Closed += Recorder.OnHost;
        if (checks is not null)
        {
            checks.History = Recorder;
        }

        Recorder.OnNote(SystemClocks.Wall(), "started", $"version {version}");
        _service.Start();
    }

    /// <summary>The agent is about to end in order.</summary>
    public void Leave() => Recorder.OnNote(SystemClocks.Wall(), "stopped", "");

    /// <summary>Writes its metrics.</summary>
    public void Write(ExpositionWriter writer)
    {
        writer.Family("meshpulse_history_state", MetricKind.Gauge, "1 for how the writing of the history goes, 0 for all else.");
        foreach (var state in Enum.GetValues<HistoryState>())
        {
            writer.Sample(state == _service.State ? 1 : 0, new Label("state", NameOf(state)));
        }

        writer.Family("meshpulse_history_rows_written", MetricKind.Counter, "Rows of the history that were written; one of a second is written twice.");
        writer.Sample(_service.RowsWritten);
        writer.Family("meshpulse_history_rows_dropped", MetricKind.Counter, "Rows of the history that were lost since the disk was too slow or full.");
        writer.Sample(_service.RowsDropped);
        writer.Family("meshpulse_history_rows_unreadable", MetricKind.Counter, "Rows of the history that turned out to be damaged.");
        writer.Sample(_service.RowsUnreadable);
        writer.Family("meshpulse_history_events_dropped", MetricKind.Counter, "Events that were not kept since too many came at once.");
        writer.Sample(Recorder.EventsDropped);
        writer.Family("meshpulse_history_bytes", MetricKind.Gauge, "What the file of the history and its log take.", "bytes");
        writer.Sample(_service.Bytes);
        writer.Family("meshpulse_history_commit_seconds", MetricKind.Histogram, "How long it took to write what half a second brought.", "seconds");
        _service.CommitTimes.Write(writer);
        writer.Family("meshpulse_history_oldest_timestamp_seconds", MetricKind.Gauge, "When the oldest window of each resolution began; 0 for none.", "seconds");
        foreach (var level in HistoryLevel.Usual)
        {
            writer.Sample(_service.Oldest.GetValueOrDefault(level.Step), new Label("step", $"{level.Step}s"));
        }
    }

    /// <inheritdoc />
    public void Dispose() => _service.Dispose();

    private static string NameOf(HistoryState state) => state switch
    {
        HistoryState.Starting => "starting",
        HistoryState.Writing => "writing",
        HistoryState.Full => "full",
        HistoryState.Failing => "failing",
        _ => "off",
    };
}
