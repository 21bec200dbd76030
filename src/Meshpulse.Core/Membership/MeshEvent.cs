using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Membership;

/// <summary>One thing that happened to the mesh.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="At">When, for people.</param>
/// <param name="Peer">The peer's number; 0 where it has none.</param>
/// <param name="Node">The node or address concerned.</param>
public readonly record struct MeshEvent(MeshEventKind Kind, WallTime At, int Peer, NodeEndpoint Node)
{
    /// <summary>Why a connection ended.</summary>
    public CloseReason Close { get; init; }

    /// <summary>Why a call failed.</summary>
    public DialFailure Failure { get; init; }

    /// <summary>Why something was refused.</summary>
    public RefusalReason Refusal { get; init; }

    /// <summary>True for servers of the command line, which are called again for ever.</summary>
    public bool WillRetry { get; init; }

    /// <summary>The name that the operator gave the node, where it is no address.</summary>
    public string? Name { get; init; }

    /// <summary>How long, for <see cref="MeshEventKind.Silent"/>.</summary>
    public Duration Length { get; init; }

    /// <summary>How many of the same were not told since the last one.</summary>
    public long Suppressed { get; init; }
}
