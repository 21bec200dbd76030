using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Hosting;

/// <summary>Remembers what an agent tells.</summary>
internal sealed class RecordingListener : IAgentListener
{
    private readonly Lock _lock = new();
    private readonly List<MeshEvent> _events = [];
    private readonly List<(NodeEndpoint Node, ReceiveGap Gap)> _gaps = [];
    private readonly List<WindowReport> _reports = [];
    private readonly List<string> _notes = [];

    public IReadOnlyList<MeshEvent> Events => Copy(_events);

    public IReadOnlyList<(NodeEndpoint Node, ReceiveGap Gap)> Gaps => Copy(_gaps);

    public IReadOnlyList<WindowReport> Reports => Copy(_reports);

    public IReadOnlyList<string> Notes => Copy(_notes);

    public void OnEvent(MeshEvent happened) => Add(_events, happened);

    public void OnGap(NodeEndpoint node, ReceiveGap gap) => Add(_gaps, (node, gap));

    public void OnReport(WindowReport report) => Add(_reports, report);

    public void OnVerdict(WallTime at, Meshpulse.Core.Diagnosis.VerdictChange change)
    {
    }

    public void OnNote(WallTime at, string text) => Add(_notes, text);

    public int Count(MeshEventKind kind, NodeEndpoint node) => Events.Count(e => e.Kind == kind && e.Node == node);

    private List<T> Copy<T>(List<T> of)
    {
        lock (_lock)
        {
            return [.. of];
        }
    }

    private void Add<T>(List<T> to, T item)
    {
        lock (_lock)
        {
            to.Add(item);
        }
    }
}
