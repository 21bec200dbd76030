using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Membership;

/// <summary>
/// Who is told what the mesh saw, on the probing thread: the agent hands it on through bounded queues, the simulator
/// records it. No call may block, throw or, for the first four, allocate.
/// </summary>
public interface IMeshObserver
{
    /// <summary>A heartbeat came.</summary>
    void OnReceived(int peer, in HeartbeatArrival arrival);

    /// <summary>A heartbeat was sent, late or not.</summary>
    void OnSent(int peer, in SendSlot slot);

    /// <summary>Heartbeats that were due were not sent.</summary>
    void OnUnsent(int peer, UnsentReason reason, long count);

    /// <summary>The probing thread woke up. What had come by then, but for the last few milliseconds at most, is read and told before it wakes again.</summary>
    /// <param name="at">When.</param>
    /// <param name="lateness">How long after it wanted to.</param>
    void OnWoke(MonoTime at, Duration lateness);

    /// <summary>A gap in what a peer sends became longer than the threshold, or ended.</summary>
    void OnGap(ReceiveGap gap);

    /// <summary>Something happened to the mesh.</summary>
    void OnEvent(in MeshEvent happened);
}
