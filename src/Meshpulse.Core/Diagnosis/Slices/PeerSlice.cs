using Meshpulse.Core.Membership;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Slices;

/// <summary>What a node saw of one peer in one slice.</summary>
/// <param name="Peer">The peer's name: the same by which the peer calls itself.</param>
public sealed record PeerSlice(string Peer)
{
    /// <summary>A heartbeat connection stood at the slice's end.</summary>
    public bool IsConnected { get; init; }

    /// <summary>The last that it told this node, where no connection stands any more: who did not hear it itself takes its word from here. Null for none.</summary>
    public PeerNotice? Notice { get; init; }

    /// <summary>Heartbeats that came.</summary>
    public long Received { get; init; }

    /// <summary>Heartbeats that were sent.</summary>
    public long Sent { get; init; }

    /// <summary>Heartbeats that were due and not sent, by this node's own doing: its thread was late, or TCP took no more.</summary>
    public long Unsent { get; init; }

    /// <summary>How long nothing has come, at the slice's end; not beyond what is wanted by the reader's own lateness.</summary>
    public Duration Silence { get; init; }

    /// <summary>Gaps longer than the threshold that began, lasted or ended in it, the longest sixteen, in order.</summary>
    public IReadOnlyList<GapSlice> Gaps { get; init; } = [];

    /// <summary>Why the last connection to it ended, where that was in this slice.</summary>
    public CloseReason? Ended { get; init; }

    /// <summary>Why a call to it failed, where that was in this slice.</summary>
    public DialFailure? CallFailed { get; init; }

    /// <summary>What probes of the path there say; null where the peer is not probed.</summary>
    public PathSlice? Path { get; init; }

    /// <summary>What of the peer's own probes reached our reflector, flow by flow; null where we have none, or the peer does not probe us.</summary>
    public IReadOnlyList<FlowRequests>? Requests { get; init; }
}
