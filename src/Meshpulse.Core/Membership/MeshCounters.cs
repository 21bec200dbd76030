namespace Meshpulse.Core.Membership;

/// <summary>
/// What a node counted since it started. Written by the probing thread alone; other threads may read each field at any
/// time and see a recent value (64-bit loads are whole on every platform that we run on).
/// </summary>
public sealed class MeshCounters
{
    /// <summary>Connections accepted.</summary>
    public long Accepted { get; internal set; }

    /// <summary>Connections in any state just now, calls under way included.</summary>
    public long Connections { get; internal set; }

    /// <summary>Calls begun.</summary>
    public long Dials { get; internal set; }

    /// <summary>Calls that failed.</summary>
    public long DialFailures { get; internal set; }

    /// <summary>Peers that joined, each time.</summary>
    public long Connects { get; internal set; }

    /// <summary>Peers that left, each time.</summary>
    public long Disconnects { get; internal set; }

    /// <summary>Connections closed because another one to the same node stood.</summary>
    public long Duplicates { get; internal set; }

    /// <summary>Heartbeats sent on any connection.</summary>
    public long HeartbeatsSent { get; internal set; }

    /// <summary>Heartbeats received on any connection.</summary>
    public long HeartbeatsReceived { get; internal set; }

    /// <summary>Peer lists taken in.</summary>
    public long ListsRead { get; internal set; }

    /// <summary>Refusals by <see cref="RefusalReason"/>.</summary>
    public IReadOnlyList<long> Refused => RefusedBy;

    internal long[] RefusedBy { get; } = new long[Enum.GetValues<RefusalReason>().Length];
}
