using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing.Stamp;

/// <summary>What became of a reply. Where the outcome is Unknown or Forged, everything else is zero.</summary>
/// <param name="Outcome">What it is.</param>
/// <param name="Sequence">The request's number since the session began, without wrapping.</param>
/// <param name="SentAt">When the request left.</param>
/// <param name="IntendedAt">When it was due.</param>
/// <param name="Elapsed">From send to arrival, the reflector's own time included; never below zero.</param>
/// <param name="ReorderingExtent">
/// RFC 4737, section 4.2.1: how many replies came since the first one with a greater number did; 0 for one in order, and for duplicates.
/// </param>
/// <param name="TakesBackLoss">The request had been counted as lost, and is not.</param>
/// <param name="ReflectedTwice">Of a duplicate: the reflector saw the request more than once.</param>
/// <param name="StartsEpoch">The reflector began counting anew: it restarted, or had forgotten the session.</param>
public readonly record struct StampDecision(
    StampOutcome Outcome,
    long Sequence,
    MonoTime SentAt,
    MonoTime IntendedAt,
    Duration Elapsed,
    long ReorderingExtent = 0,
    bool TakesBackLoss = false,
    bool ReflectedTwice = false,
    bool StartsEpoch = false)
{
    /// <summary>The time that the request carried.</summary>
    public WallTime T1 { get; init; }

    /// <summary>When the kernel let it go; null where that is not known.</summary>
    public WallTime? SendStamp { get; init; }
}
