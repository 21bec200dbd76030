using Meshpulse.Core.Checks;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Probing.Ping;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Tests.Checks;

/// <summary>Keeps what it is told.</summary>
internal sealed class RecordingObserver : ICheckObserver
{
    public List<(int Probe, SendSlot Slot)> Sent { get; } = [];

    public List<(int Probe, UnsentCause Cause, long Count, int Error)> Unsent { get; } = [];

    public List<(int Probe, PingDecision Decision, int Error)> Decided { get; } = [];

    public List<(int Probe, int Error)> IcmpErrors { get; } = [];

    public List<(StrayKind Kind, NodeEndpoint From)> Strays { get; } = [];

    public int CountOf(PingOutcome outcome) => Decided.Count(d => d.Decision.Outcome == outcome);

    public void OnSent(int probe, in SendSlot slot) => Sent.Add((probe, slot));

    public void OnUnsent(int probe, UnsentCause cause, long count, int error) => Unsent.Add((probe, cause, count, error));

    public void OnDecided(int probe, in PingDecision decision, int error) => Decided.Add((probe, decision, error));

    public void OnIcmpError(int probe, int error) => IcmpErrors.Add((probe, error));

    public void OnStray(StrayKind kind, NodeEndpoint from) => Strays.Add((kind, from));
}
