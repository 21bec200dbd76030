namespace Meshpulse.Core.Statistics;

/// <summary>
/// How many packets of a path had which fate. As changes over one window: a loss counts in the window in which it was decided, and
/// may be taken back, or get its direction, in a later one, so that a single window's losses can be below zero, and its sums do not
/// have to add up. Summed since the start they do: sent = answered + late + lost forward + lost backward + lost unknown + what
/// still waits.
/// </summary>
/// <param name="Sent">Requests that left.</param>
/// <param name="Unsent">Requests that were due and did not leave; nobody's loss.</param>
/// <param name="Answered">Requests answered in time.</param>
/// <param name="Late">Requests answered after their timeout; neither answered nor lost.</param>
/// <param name="LostForward">Lost on the way there.</param>
/// <param name="LostBackward">Lost on the way back.</param>
/// <param name="LostUnknown">Lost, and nobody knows where.</param>
/// <param name="Duplicates">Extra copies.</param>
/// <param name="Reordered">Replies that came after one with a greater number of the same flow (RFC 4737).</param>
/// <param name="Corrupted">Packets that came with a wrong checksum, HMAC or form.</param>
/// <param name="Strays">Replies that nothing was sent for: unknown and forged ones.</param>
/// <param name="Epochs">How often reflectors began to count anew.</param>
public readonly record struct PathCounts(
    long Sent,
    long Unsent,
    long Answered,
    long Late,
    long LostForward,
    long LostBackward,
    long LostUnknown,
    long Duplicates,
    long Reordered,
    long Corrupted,
    long Strays,
    long Epochs)
{
    /// <summary>
    /// Packets that the receive queues of the path's own sockets dropped. Paths share sockets, so not all need have been this one's replies, and sums
    /// over paths count them several times; but so many losses on the way back, or nobody knows where, may be this host's doing and not the network's.
    /// </summary>
    public long ReceiveDrops { get; init; }

    /// <summary>All losses together.</summary>
    public long Lost => LostForward + LostBackward + LostUnknown;

    /// <summary>Both together.</summary>
    public PathCounts Plus(in PathCounts other) => new(
        Sent + other.Sent,
        Unsent + other.Unsent,
        Answered + other.Answered,
        Late + other.Late,
        LostForward + other.LostForward,
        LostBackward + other.LostBackward,
        LostUnknown + other.LostUnknown,
        Duplicates + other.Duplicates,
        Reordered + other.Reordered,
        Corrupted + other.Corrupted,
        Strays + other.Strays,
        Epochs + other.Epochs)
    {
        ReceiveDrops = ReceiveDrops + other.ReceiveDrops,
    };

    /// <summary>What came in addition since <paramref name="earlier"/>.</summary>
    public PathCounts Since(in PathCounts earlier) => new(
        Sent - earlier.Sent,
        Unsent - earlier.Unsent,
        Answered - earlier.Answered,
        Late - earlier.Late,
        LostForward - earlier.LostForward,
        LostBackward - earlier.LostBackward,
        LostUnknown - earlier.LostUnknown,
        Duplicates - earlier.Duplicates,
        Reordered - earlier.Reordered,
        Corrupted - earlier.Corrupted,
        Strays - earlier.Strays,
        Epochs - earlier.Epochs)
    {
        ReceiveDrops = ReceiveDrops - earlier.ReceiveDrops,
    };

    /// <summary>
    /// The changes of a stretch of time without what concerns losses from before it: whoever reads that so many were lost where in five seconds
    /// does not expect those of the minute before, which got their direction now, and nothing below zero.
    /// </summary>
    /// <remarks>Which of two directions the older ones got nobody has noted: they are taken off both, in proportion.</remarks>
    public PathCounts WithoutOlderLosses()
    {
        var older = Math.Max(0, -LostUnknown);
        var (forward, backward) = (Math.Max(0, LostForward), Math.Max(0, LostBackward));
        var ofForward = older == 0 ? 0 : (long)Math.Round((double)older * forward / Math.Max(1, forward + backward));
        return this with
        {
            LostForward = Math.Max(0, forward - ofForward),
            LostBackward = Math.Max(0, backward - (older - ofForward)),
            LostUnknown = Math.Max(0, LostUnknown),
        };
    }
}
