using Meshpulse.Core.Diagnosis.Slices;

namespace Meshpulse.Agent.Fleet;

/// <summary>How much a node has to tell of a peer.</summary>
internal static class SliceInterest
{
    /// <summary>0 where all is well, more for what an incident shows; of meaning against others only.</summary>
    public static int Of(PeerSlice peer)
    {
        var lost = peer.Path is { } path ? path.Counts.Lost : 0;
        return (peer.Gaps.Count > 0 ? 8 : 0) + (lost > 0 ? 4 : 0) + (peer.Ended is not null || peer.CallFailed is not null ? 2 : 0) + (peer.IsConnected ? 0 : 1);
    }

    /// <summary>The peers with gaps, losses or broken connections, the most conspicuous first.</summary>
    public static IEnumerable<string> Suspects(NodeSlice slice) =>
        slice.Peers.Select(p => (p.Peer, Interest: Of(p))).Where(p => p.Interest > 1).OrderByDescending(p => p.Interest).Select(p => p.Peer);
}
