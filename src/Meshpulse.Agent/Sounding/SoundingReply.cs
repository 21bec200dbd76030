using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Sounding;

/// <summary>What a datagram from the target turned out to be.</summary>
/// <param name="Outcome">Unknown and Forged: it answers nothing that we sent.</param>
/// <param name="Elapsed">From the send to the arrival.</param>
internal readonly record struct SoundingReply(StampOutcome Outcome, Duration Elapsed)
{
    /// <summary>An exchange that is complete now, of this reply or of the one before; null where none is, and where the protocol has no times.</summary>
    public PathExchange? Exchange { get; init; }

    /// <summary>The round trip where that is all that the protocol tells; null where it tells more.</summary>
    public Duration? RoundTrip { get; init; }

    /// <summary>Which ends of <see cref="RoundTrip"/> are the kernel's.</summary>
    public PathStamps Stamps { get; init; }

    /// <summary>What it says; null where the protocol says nothing.</summary>
    public StampReading? Reading { get; init; }

    /// <summary>The reflector began to count anew.</summary>
    public bool StartsEpoch { get; init; }

    /// <summary>A datagram that is none of ours.</summary>
    public static SoundingReply Strange => new(StampOutcome.Unknown, Duration.Zero);
}
