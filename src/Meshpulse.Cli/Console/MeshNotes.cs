using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Cli.Console;

/// <summary>
/// The mesh beside checks whose output is a program's or a redrawn table: its events are notes like the others, its tables would be
/// neither and are left out; its figures are in the metrics.
/// </summary>
internal sealed class MeshNotes(ICheckListener checks) : IAgentListener
{
    public void OnEvent(MeshEvent happened)
    {
        if (EventText.Of(happened, debug: true) is { } text)
        {
            checks.OnNote(new CheckNote(happened.At, $"mesh: {Name(happened.Node)}{text}", IsDetail: EventText.Of(happened, debug: false) is null));
        }
    }

    public void OnGap(NodeEndpoint node, ReceiveGap gap) =>
        checks.OnNote(new CheckNote(gap.StartWall + gap.Length, $"mesh: {Name(node)}{EventText.OfGap(gap)}", IsDetail: true));

    public void OnReport(WindowReport report)
    {
    }

    public void OnVerdict(WallTime at, VerdictChange change) => checks.OnNote(new CheckNote(at, VerdictText.Of(change)));

    public void OnNote(WallTime at, string text) => checks.OnNote(new CheckNote(at, $"mesh: {text}"));

    private static string Name(NodeEndpoint node) => node == default ? "" : $"{node}: ";
}
