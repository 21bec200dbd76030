using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Sounding;

/// <summary>What a datagram from the target turned out to be.</summary>
/// <param name="Outcome">Unknown and Forged: it answers nothing that we sent.</param>
/// <param name="Sequence">The request's number since the flow began, from 0; means nothing where the outcome is one of these two.</param>
/// <param name="Elapsed">From the send to the arrival.</param>
internal readonly record struct SoundingReply(StampOutcome Outcome, long Sequence, Duration Elapsed)
{
    /// <summary>When the request came, by the target's clock; null where the protocol does not tell.</summary>
    public WallTime? T2 { get; init; }

    /// <summary>When the reply left, by the same clock; null together with <see cref="T2"/>.</summary>
    public WallTime? T3 { get; init; }

    /// <summary>The target says that its clock is synchronised.</summary>
    public bool IsSynchronised { get; init; }

    /// <summary>The reply carries the session id of its request.</summary>
    public bool HasSessionId { get; init; }

    /// <summary>The reflector began to count anew.</summary>
    public bool StartsEpoch { get; init; }

    /// <summary>A datagram that is none of ours.</summary>
    public static SoundingReply Strange => new(StampOutcome.Unknown, 0, Duration.Zero);
}
