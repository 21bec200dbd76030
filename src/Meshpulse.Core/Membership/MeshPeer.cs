using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Membership;

/// <summary>A node of the mesh other than ourselves. It outlives its connections for a while, so that its number stays.</summary>
internal sealed class MeshPeer(int id, NodeEndpoint identity, MeshOptions options)
{
    public int Id { get; } = id;

    public NodeEndpoint Identity { get; } = identity;

    /// <summary>The connection that counts and is measured.</summary>
    public MeshConnection? Current { get; set; }

    /// <summary>A second connection, while it is being decided which of the two stays.</summary>
    public MeshConnection? Rival { get; set; }

    /// <summary>A heartbeat came: the peer is in the mesh, is told to others and is told of. A connection alone proves nothing yet.</summary>
    public bool HasJoined { get; set; }

    /// <summary>It was in the mesh once, and is remembered when it leaves.</summary>
    public bool HasEverJoined { get; set; }

    /// <summary>How often its identity may be claimed: a node that restarts, or an original that calls each report.</summary>
    public TokenBucket Hellos = new(rate: 2, burst: 20);

    /// <summary>When we last closed a call of this peer's as a duplicate.</summary>
    public MonoTime? TurnedAwayAt { get; set; }

    public MonoTime LeftAt { get; set; }

    /// <summary>What its lists may cause.</summary>
    public NamerBudget Budget { get; } = new(options);
}
