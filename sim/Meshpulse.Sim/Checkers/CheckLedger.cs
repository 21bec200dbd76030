using Meshpulse.Core.Checks;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Probing.Ping;
using Meshpulse.Core.Time;
using Meshpulse.Sim.Network;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Sim.Checkers;

/// <summary>
/// Books on both sides: what a node of checks says, and what really became of each datagram. The second side never looks at an
/// id or a payload: it follows the datagrams themselves, so that an answer that the node credits to the wrong request shows.
/// </summary>
public sealed class CheckLedger(VirtualClock clock) : ICheckObserver
{
    private readonly Dictionary<int, ProbeLife> _living = [];
    private readonly Dictionary<SimDatagram, ProbeRequest> _requests = [];
    private readonly Dictionary<int, ProbeRequest> _attempts = [];
    private ProbeRequest? _pending;

    /// <summary>All probes that there were.</summary>
    public List<ProbeLife> Lives { get; } = [];

    /// <summary>What the node called nobody's answer.</summary>
    public List<(StrayKind Kind, NodeEndpoint From)> Strays { get; } = [];

    /// <summary>What was read and was no answer to a request of a probe that still lives.</summary>
    public long Astray { get; private set; }

    /// <summary>What the node said and can't be: of a probe that does not live, or more decisions than requests.</summary>
    public List<string> Absurdities { get; } = [];

    /// <summary>The probe that has a number now.</summary>
    public ProbeLife this[int id] => _living[id];

    /// <inheritdoc />
    public void OnSent(int probe, in SendSlot slot)
    {
        if (!TryFind(probe, "sent", out var life))
        {
            return;
        }

        var request = _pending ?? new ProbeRequest(clock.Now);
        (request.Slot, request.Life, _pending) = (slot, life, null);
        life.Requests.Add(request);
    }

    /// <inheritdoc />
    public void OnUnsent(int probe, UnsentCause cause, long count, int error)
    {
        if (TryFind(probe, "unsent", out var life))
        {
            life.Unsent[cause] = life.Unsent.GetValueOrDefault(cause) + count;
        }
    }

    /// <inheritdoc />
    public void OnDecided(int probe, in PingDecision decision, int error)
    {
        if (!TryFind(probe, decision.Outcome.ToString(), out var life))
        {
            return;
        }

        life.Take(clock.Now, decision);
        if (life.Outstanding < 0 || life.Late > life.Lost)
        {
            Absurdities.Add($"probe {probe}: {life.Requests.Count} sent, {life.Answered} answered, {life.Lost} lost, {life.Late} late");
        }
    }

    /// <inheritdoc />
    public void OnIcmpError(int probe, int error)
    {
        if (TryFind(probe, "ICMP error", out var life))
        {
            life.IcmpErrors++;
        }
    }

    /// <inheritdoc />
    public void OnStray(StrayKind kind, NodeEndpoint from) => Strays.Add((kind, from));

    internal void Begin(int id, ProbeSettings settings)
    {
        var life = new ProbeLife(id, settings, clock.Now);
        Lives.Add(life);
        _living.Add(id, life);
    }

    internal void End(int id)
    {
        if (_living.Remove(id, out var life))
        {
            life.EndedAt = clock.Now;
        }
    }

    internal void Retarget(int id) => _living[id].IsMoved = true;

    internal void Left(SimDatagram datagram) => _requests.Add(datagram, _pending = new ProbeRequest(clock.Now));

    internal void Dialed(int attempt) => _attempts[attempt] = _pending = new ProbeRequest(clock.Now);

    internal void Came(SimDatagram datagram, MonoTime arrived)
    {
        if (datagram.Cause is { } cause && _requests.TryGetValue(cause, out var request) && request.Life!.EndedAt == MonoTime.Never)
        {
            request.Arrivals.Add(arrived);
        }
        else
        {
            Astray++;
        }
    }

    internal void Connected(int attempt, MonoTime at) => _attempts[attempt].Arrivals.Add(at);

    private bool TryFind(int probe, string what, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ProbeLife? life)
    {
        if (!_living.TryGetValue(probe, out life))
        {
            Absurdities.Add($"probe {probe} is no more, and: {what}");
        }

        return life is not null;
    }
}
