using Meshpulse.Agent.Paths;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Hosting;

/// <summary>What leaves the probing thread: samples, events and gaps, each through a queue of its own.</summary>
internal sealed class ProbeOutbox : IMeshObserver
{
    /// <summary>Empty queues.</summary>
    /// <param name="hasPaths">There will be paths: their queue takes some megabytes.</param>
    public ProbeOutbox(bool hasPaths = false)
    {
        Checks = new CheckOutbox(Samples);
        Paths = hasPaths ? new PathOutbox(Checks) : null;
    }

    /// <summary>At 1,000 peers and 5 ms, 400,000 samples a second: a third of a second of room. At 100 peers three seconds.</summary>
    public SpscRing<Sample> Samples { get; } = new(1 << 17);

    /// <summary>Takes what the checks measure, into the same queue: both are written by the one probing thread.</summary>
    public CheckOutbox Checks { get; }

    /// <summary>Takes what is learned of the paths; null where none are probed.</summary>
    public PathOutbox? Paths { get; }

    public SpscRing<MeshEvent> Events { get; } = new(1 << 12);

    public SpscRing<ReceiveGap?> Gaps { get; } = new(1 << 10);

    public void OnReceived(int peer, in HeartbeatArrival arrival)
    {
        var kind = arrival.Quality switch
        {
            ArrivalQuality.Stamped => SampleKind.ReceivedStamped,
            ArrivalQuality.Bunched => SampleKind.ReceivedBunched,
            _ => SampleKind.ReceivedReconstructed,
        };
        Samples.Write(new Sample(kind, peer, arrival.Interval ?? Sample.NoInterval, arrival.Delta) { At = arrival.At });
    }

    public void OnSent(int peer, in SendSlot slot) =>
        Samples.Write(new Sample(SampleKind.Sent, peer, slot.SinceLast ?? Sample.NoInterval, slot.Lateness));

    public void OnUnsent(int peer, UnsentReason reason, long count) =>
        Samples.Write(new Sample(
            reason == UnsentReason.Late ? SampleKind.UnsentLate : SampleKind.UnsentBackpressure, peer, new Duration(count), default));

    public void OnWoke(MonoTime at, Duration lateness) => Samples.Write(new Sample(SampleKind.Woke, 0, lateness, new Duration(at.Nanoseconds)));

    public void OnGap(ReceiveGap gap) => Gaps.Write(gap);

    /// <summary>Half of the room is kept for joins and leaves: without one of them a series would be missing, or stay for ever.</summary>
    public void OnEvent(in MeshEvent happened)
    {
        if (happened.Kind is MeshEventKind.PeerJoined or MeshEventKind.PeerLeft)
        {
            Events.Write(happened);
        }
        else
        {
            Events.WriteSparingly(happened);
        }
    }
}
