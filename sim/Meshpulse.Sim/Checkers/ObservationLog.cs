using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;

namespace Meshpulse.Sim.Checkers;

/// <summary>Remembers what a node saw, for a test or a checker to judge.</summary>
public sealed class ObservationLog : IMeshObserver
{
    private readonly List<MeshEvent> _events = [];
    private readonly List<ReceiveGap> _gaps = [];

    /// <summary>What happened to the mesh.</summary>
    public IReadOnlyList<MeshEvent> Events => _events;

    /// <summary>The gaps.</summary>
    public IReadOnlyList<ReceiveGap> Gaps => _gaps;

    /// <summary>Heartbeats received from peers.</summary>
    public long Received { get; private set; }

    /// <summary>Heartbeats sent to peers.</summary>
    public long Sent { get; private set; }

    /// <summary>Heartbeats that were due and not sent.</summary>
    public long Unsent { get; private set; }

    /// <summary>Every receive interval, in the order in which they came.</summary>
    public List<(int Peer, HeartbeatArrival Arrival)> Arrivals { get; } = [];

    /// <summary>Whether each arrival is kept.</summary>
    public bool KeepsArrivals { get; set; }

    /// <summary>How often something happened.</summary>
    public int Count(MeshEventKind kind) => _events.Count(e => e.Kind == kind);

    /// <inheritdoc />
    public void OnReceived(int peer, in HeartbeatArrival arrival)
    {
        Received++;
        if (KeepsArrivals)
        {
            Arrivals.Add((peer, arrival));
        }
    }

    /// <inheritdoc />
    public void OnSent(int peer, in SendSlot slot) => Sent++;

    /// <inheritdoc />
    public void OnUnsent(int peer, UnsentReason reason, long count) => Unsent += count;

    /// <inheritdoc />
    public void OnWoke(MonoTime at, Duration lateness)
    {
    }

    /// <inheritdoc />
    public void OnGap(ReceiveGap gap) => _gaps.Add(gap);

    /// <inheritdoc />
    public void OnEvent(in MeshEvent happened) => _events.Add(happened);
}
