using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Tests.Membership;

/// <summary>Keeps what a node saw.</summary>
internal sealed class RecordingObserver : IMeshObserver
{
    public List<(int Peer, HeartbeatArrival Arrival)> Received { get; } = [];

    public List<(int Peer, SendSlot Slot)> Sent { get; } = [];

    public List<(int Peer, UnsentReason Reason, long Count)> Unsent { get; } = [];

    public List<ReceiveGap> Gaps { get; } = [];

    public List<MeshEvent> Events { get; } = [];

    public Duration LastLateness { get; private set; }

    public IEnumerable<MeshEventKind> Kinds => Events.Select(e => e.Kind);

    public void OnReceived(int peer, in HeartbeatArrival arrival) => Received.Add((peer, arrival));

    public void OnSent(int peer, in SendSlot slot) => Sent.Add((peer, slot));

    public void OnUnsent(int peer, UnsentReason reason, long count) => Unsent.Add((peer, reason, count));

    public void OnWoke(MonoTime at, Duration lateness) => LastLateness = lateness;

    public void OnGap(ReceiveGap gap) => Gaps.Add(gap);

    public void OnEvent(in MeshEvent happened) => Events.Add(happened);

    public void Forget()
    {
        Received.Clear();
        Sent.Clear();
        Unsent.Clear();
        Gaps.Clear();
        Events.Clear();
    }
}
