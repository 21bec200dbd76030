namespace Meshpulse.Core.Probing.Stamp;

/// <summary>
/// What became of a session's packets since it began. Always: sent = answered + late + lost forward + lost backward + lost unknown
/// + outstanding. Losses move: from unknown to a direction as later replies tell more, and out of loss when a late reply comes;
/// what is older than <see cref="StampSession.Horizon"/> moves only where a proof changes its reading (see <see
/// cref="StampSession"/>).
/// </summary>
/// <param name="Sent">Requests that left.</param>
/// <param name="Answered">Requests with a reply within the timeout.</param>
/// <param name="Late">Requests whose first reply came after it; neither answered nor lost.</param>
/// <param name="LostForward">Requests that the reflector gave no number.</param>
/// <param name="LostBackward">Requests that it gave a number, and no reply came.</param>
/// <param name="LostUnknown">Lost requests for which nobody can know, such as all that follow the last reply.</param>
/// <param name="Outstanding">Requests whose timeout has not passed.</param>
/// <param name="Duplicates">Extra copies: replies beyond the first one to each request.</param>
/// <param name="ReflectedTwice">Of these, the ones with a number of their own: the request came to the reflector more than once.</param>
/// <param name="Reordered">First replies whose number is below one that came before (RFC 4737, type-P-reordered).</param>
/// <param name="ReorderingExtent">The greatest extent among them, in replies.</param>
/// <param name="Unknown">Replies to numbers that were never sent, or are forgotten.</param>
/// <param name="Forged">Replies with a number that was sent and a timestamp that was not.</param>
/// <param name="Epochs">How often the reflector began to count: 0 before the first reply, 1 after it, one more for each restart.</param>
public readonly record struct StampTotals(
    long Sent,
    long Answered,
    long Late,
    long LostForward,
    long LostBackward,
    long LostUnknown,
    long Outstanding,
    long Duplicates,
    long ReflectedTwice,
    long Reordered,
    long ReorderingExtent,
    long Unknown,
    long Forged,
    int Epochs)
{
    /// <summary>All losses together.</summary>
    public long Lost => LostForward + LostBackward + LostUnknown;
}
