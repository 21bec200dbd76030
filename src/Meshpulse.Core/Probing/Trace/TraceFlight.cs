using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing.Trace;

/// <summary>A probe that was sent, for as long as answers to it are recognised.</summary>
internal sealed class TraceFlight(TraceProbe probe, MonoTime sent)
{
    public TraceProbe Probe { get; } = probe;

    public MonoTime Sent { get; } = sent;

    public bool IsWaiting { get; set; } = true;

    public bool IsAnswered { get; set; }
}
