namespace Meshpulse.Core.Probing.Paths;

/// <summary>
/// What became of a flow's packets since its path is probed. Losses can move from unknown to a direction, or out of loss; the others never
/// fall. A value of 64 bytes: counts end at 2^32 - 1.
/// </summary>
/// <param name="Flow">Which, from 0.</param>
/// <param name="SourcePort">The UDP source port that makes it a flow of its own; 0 while it has no socket.</param>
/// <param name="Dscp">The code point that its packets leave with.</param>
/// <param name="Sent">Requests that left.</param>
/// <param name="Unsent">Requests that were due and did not leave.</param>
/// <param name="Answered">Requests answered in time.</param>
/// <param name="Late">Requests answered after their timeout.</param>
/// <param name="LostForward">Lost on the way there.</param>
/// <param name="LostBackward">Lost on the way back.</param>
/// <param name="LostUnknown">Lost, and nobody knows where.</param>
/// <param name="Duplicates">Extra copies.</param>
/// <param name="Reordered">Replies that came after one with a greater number (RFC 4737).</param>
/// <param name="ReorderingExtent">The greatest extent among them.</param>
/// <param name="Strays">Replies that nothing was sent for: unknown and forged ones.</param>
/// <param name="Corrupted">Packets that came with a wrong HMAC or form.</param>
/// <param name="Epochs">How often the reflector began to count anew, beyond the first time.</param>
public readonly record struct FlowTotals(
    byte Flow,
    ushort SourcePort,
    byte Dscp,
    uint Sent,
    uint Unsent,
    uint Answered,
    uint Late,
    uint LostForward,
    uint LostBackward,
    uint LostUnknown,
    uint Duplicates,
    uint Reordered,
    uint ReorderingExtent,
    uint Strays,
    uint Corrupted,
    uint Epochs)
{
    /// <summary>
    /// Packets that the receive queue of the flow's own socket has dropped. Paths share sockets: these may have been another's replies, but no more
    /// of this flow's losses than that are this host's doing.
    /// </summary>
    public uint ReceiveDrops { get; init; }

    /// <summary>Both together; the flow is this one.</summary>
    internal FlowTotals Plus(in FlowTotals other) => this with
    {
        Sent = Sent + other.Sent,
        Unsent = Unsent + other.Unsent,
        Answered = Answered + other.Answered,
        Late = Late + other.Late,
        LostForward = LostForward + other.LostForward,
        LostBackward = LostBackward + other.LostBackward,
        LostUnknown = LostUnknown + other.LostUnknown,
        Duplicates = Duplicates + other.Duplicates,
        Reordered = Reordered + other.Reordered,
        ReorderingExtent = Math.Max(ReorderingExtent, other.ReorderingExtent),
        Strays = Strays + other.Strays,
        Corrupted = Corrupted + other.Corrupted,
        Epochs = Epochs + other.Epochs,
        ReceiveDrops = ReceiveDrops + other.ReceiveDrops,
    };
}
