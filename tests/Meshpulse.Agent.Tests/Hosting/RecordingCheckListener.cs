using System.Collections.Concurrent;
using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Checks;

namespace Meshpulse.Agent.Tests.Hosting;

/// <summary>Keeps what it is told.</summary>
internal sealed class RecordingCheckListener : ICheckListener
{
    public ConcurrentQueue<CheckReport> Reports { get; } = new();

    public ConcurrentQueue<CheckNote> Notes { get; } = new();

    public void OnReport(CheckReport report) => Reports.Enqueue(report);

    public void OnNote(CheckNote note) => Notes.Enqueue(note);
}
