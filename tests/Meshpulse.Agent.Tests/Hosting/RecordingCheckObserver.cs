using Meshpulse.Core.Checks;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Probing.Ping;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Hosting;

/// <summary>Keeps what a node says.</summary>
internal sealed class RecordingCheckObserver : ICheckObserver
{
    public List<(int Probe, PingDecision Decision, int Error)> Decided { get; } = [];

    public List<(int Probe, UnsentCause Cause, int Error)> Unsent { get; } = [];

    public List<(int Probe, int Error)> IcmpErrors { get; } = [];

    public List<(StrayKind Kind, NodeEndpoint From)> Strays { get; } = [];

    public int CountOf(int probe, PingOutcome outcome) => Decided.Count(d => d.Probe == probe && d.Decision.Outcome == outcome);

    public void OnSent(int probe, in SendSlot slot)
    {
    }

    public void OnUnsent(int probe, UnsentCause cause, long count, int error) => Unsent.Add((probe, cause, error));

    public void OnDecided(int probe, in PingDecision decision, int error) => Decided.Add((probe, decision, error));

    public void OnIcmpError(int probe, int error) => IcmpErrors.Add((probe, error));

    public void OnStray(StrayKind kind, NodeEndpoint from) => Strays.Add((kind, from));
}
