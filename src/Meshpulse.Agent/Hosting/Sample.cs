using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Hosting;

/// <summary>One thing that the probing thread measured. What <see cref="A"/> and <see cref="B"/> mean depends on the kind.</summary>
/// <param name="Kind">What was measured.</param>
/// <param name="Peer">The peer's number; 0 for the thread itself.</param>
/// <param name="A">Received: the interval, or <see cref="NoInterval"/>. Sent: the interval, likewise. Woke: the lateness. Unsent: how many.</param>
/// <param name="B">Received: the signed delta. Sent: the lateness.</param>
internal readonly record struct Sample(SampleKind Kind, int Peer, Duration A, Duration B)
{
    /// <summary>There was no heartbeat before this one.</summary>
    public static Duration NoInterval => new(-1);
}
