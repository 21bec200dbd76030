using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Hosting;

/// <summary>One peer's row of a report.</summary>
/// <param name="Node">Who it is.</param>
/// <param name="Label">How it is called: its address, with the port where several nodes share the address.</param>
/// <param name="Receive">Time between its heartbeats.</param>
/// <param name="Delta">Size of the difference between its stamps and our receipt.</param>
/// <param name="Send">Time between our heartbeats to it.</param>
/// <param name="Silence">How long it has said nothing.</param>
public sealed record PeerReport(NodeEndpoint Node, string Label, WindowFigures Receive, WindowFigures Delta, WindowFigures Send, Duration Silence);
