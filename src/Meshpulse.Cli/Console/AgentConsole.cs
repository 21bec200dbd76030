using Meshpulse.Agent.Hosting;
using Meshpulse.Cli.Commands;
using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Cli.Console;

/// <summary>Shows an agent on the console: its events as lines, its reports as tables, each in one write.</summary>
internal sealed class AgentConsole(MeshArguments arguments, NodeEndpoint self, ConsoleWriter writer, bool colour) : IAgentListener
{
    public void OnEvent(MeshEvent happened)
    {
        if (EventText.Of(happened, arguments.Debug) is { } text)
        {
            Say(happened.At, happened.Node == default ? "" : Label(happened), text);
        }
    }

    public void OnGap(NodeEndpoint node, ReceiveGap gap)
    {
        if (arguments.Debug)
        {
            Say(gap.StartWall + gap.Length, Label(node), EventText.OfGap(gap));
        }
    }

    public void OnReport(WindowReport report)
    {
        if (arguments.Quiet)
        {
            return;
        }

        var rows = report.Peers.Select(p => new TableRow(p.Label, Cells(p.Receive), Cells(p.Delta), Cells(p.Send))).ToList();
        var heading = EventLine.Format(TimeOfDay(report.At), "", $"Connected to {rows.Count} servers");
        writer.Write(rows.Count == 0 ? heading : HistogramTable.Format(rows, arguments.Threshold.Milliseconds, colour, heading));
    }

    public void OnVerdict(WallTime at, VerdictChange change) => Say(at, "", VerdictText.Of(change));

    public void OnNote(WallTime at, string text) => Say(at, "", text);

    /// <summary>Writes a line of the program itself.</summary>
    public void Say(WallTime at, string address, string text) => writer.Write(EventLine.Format(TimeOfDay(at), address, text));

    private string Label(in MeshEvent happened) =>
        happened.Kind == MeshEventKind.Refused ? happened.Node.AddressText : Label(happened.Node);

    /// <summary>The address alone, as the original shows it; several nodes on our own host are told apart by their ports.</summary>
    private string Label(NodeEndpoint node) => node.SameAddress(self) ? node.ToString() : node.AddressText;

    private static CellGroup Cells(in WindowFigures figures) => new(figures.Max, figures.Mean, figures.P99, figures.P999, figures.P9999);

    private static TimeOnly TimeOfDay(WallTime at) =>
        TimeOnly.FromDateTime(DateTimeOffset.UnixEpoch.AddTicks(at.Nanoseconds / 100).LocalDateTime);
}
