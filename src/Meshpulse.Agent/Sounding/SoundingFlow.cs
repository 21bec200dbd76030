using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Agent.Sounding;

/// <summary>One flow of a sounding.</summary>
/// <param name="SourcePort">The UDP source port that makes it a flow of its own.</param>
/// <param name="Counts">What became of its packets.</param>
public sealed record SoundingFlow(int SourcePort, SoundingCounts Counts)
{
    /// <summary>The address and port at this end.</summary>
    public NodeEndpoint Local { get; init; }

    /// <summary>Between which addresses and ports the target saw its requests; null where it was not told.</summary>
    public StampLocation? Location { get; init; }

    /// <summary>The counters of both ends; null where they were not told.</summary>
    public SoundingDirect? Direct { get; init; }

    /// <summary>The target saw another source than ours; null where it was not told.</summary>
    public bool? IsSourceTranslated => Location is { } seen ? Differs(seen.Source, Local) : null;

    /// <summary>The target was asked at another address or port than <paramref name="target"/>, which we sent to; null where it was not told.</summary>
    public bool? IsTargetTranslated(NodeEndpoint target) => Location is { } seen ? Differs(seen.Destination, target) : null;

    /// <summary>What was not told is no difference, nor is what we don't know: without a route at the start there is no address here.</summary>
    private static bool? Differs(NodeEndpoint seen, NodeEndpoint ours)
    {
        var (hasAddress, hasPort) = (!seen.IsUnspecified, seen.Port != 0);
        return hasAddress || hasPort ? (hasAddress && !ours.IsUnspecified && !seen.SameAddress(ours)) || (hasPort && seen.Port != ours.Port) : null;
    }
}
