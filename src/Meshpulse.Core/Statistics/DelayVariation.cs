using Meshpulse.Core.Time;

namespace Meshpulse.Core.Statistics;

/// <summary>
/// How much delay changes from one packet of a flow to the next: IPDV of RFC 3393 with successive numbers as the selection
/// function. The clocks' offset cancels out. One per flow, since a difference across flows would be one of paths. Replies
/// that were overtaken, and pairs with a loss or a clock step in between, give none.
/// </summary>
public struct DelayVariation
{
    private long _sequence;
    private Duration _forward;
    private Duration _backward;

    /// <summary>The next exchange of the flow.</summary>
    /// <param name="sequence">Its number, without wrapping, from 0.</param>
    /// <param name="forward">T2 - T1.</param>
    /// <param name="backward">T4 - T3.</param>
    /// <param name="forwardChange">Forward less that of the packet before; above zero where it took longer.</param>
    /// <param name="backwardChange">The same for the way back.</param>
    /// <returns>False where the packet before is not known.</returns>
    public bool TryNext(long sequence, Duration forward, Duration backward, out Duration forwardChange, out Duration backwardChange)
    {
        // One more than the number, so that a new one knows nothing.
        var follows = _sequence == sequence && sequence > 0;
        (forwardChange, backwardChange) = follows ? (forward - _forward, backward - _backward) : (Duration.Zero, Duration.Zero);
        (_sequence, _forward, _backward) = (sequence + 1, forward, backward);
        return follows;
    }

    /// <summary>A clock stepped: the next packet has nothing to be compared with.</summary>
    public void Break() => _sequence = 0;
}
