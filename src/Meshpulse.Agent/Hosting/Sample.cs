using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Hosting;

/// <summary>One thing that the probing thread measured. What <see cref="A"/> and <see cref="B"/> mean depends on the kind.</summary>
/// <param name="Kind">What was measured.</param>
/// <param name="Peer">The peer's or the probe's number, which are counted apart; 0 for the thread itself.</param>
/// <param name="A">
/// Received: the interval, or <see cref="NoInterval"/>. Sent: the interval, likewise. Woke: the lateness. Unsent: how many. Answered,
/// late: the latency. Lost, ICMP error: the system's error number.
/// </param>
/// <param name="B">Received: the signed delta. Sent: the lateness. Woke: the monotonic moment. Answered, late, lost: that of the decision. Unsent: the system's error number.</param>
internal readonly record struct Sample(SampleKind Kind, int Peer, Duration A, Duration B)
{
    /// <summary>Received: when it came. Nothing else has it.</summary>
    public MonoTime At { get; init; }

    /// <summary>There was no heartbeat before this one.</summary>
    public static Duration NoInterval => new(-1);
}
