namespace Meshpulse.Agent.Sounding;

/// <summary>
/// What became of packets. At the end of a run sent = answered + late + lost forward + lost backward + lost unknown; while it goes on,
/// those that wait are missing from the right side.
/// </summary>
/// <param name="Sent">Packets that left.</param>
/// <param name="Answered">Packets with a reply within the timeout.</param>
/// <param name="Late">Packets with a reply after it; neither answered nor lost.</param>
/// <param name="LostForward">Packets that did not reach the target.</param>
/// <param name="LostBackward">Packets whose reply was lost.</param>
/// <param name="LostUnknown">Lost packets of which nobody can know where.</param>
/// <param name="Duplicates">Extra copies of replies.</param>
/// <param name="Reordered">First replies to a number below one that was answered before (RFC 4737).</param>
public readonly record struct SoundingCounts(
    long Sent, long Answered, long Late, long LostForward, long LostBackward, long LostUnknown, long Duplicates, long Reordered)
{
    /// <summary>All losses together.</summary>
    public long Lost => LostForward + LostBackward + LostUnknown;

    /// <summary>Both together.</summary>
    public static SoundingCounts operator +(SoundingCounts a, SoundingCounts b) => new(
        a.Sent + b.Sent,
        a.Answered + b.Answered,
        a.Late + b.Late,
        a.LostForward + b.LostForward,
        a.LostBackward + b.LostBackward,
        a.LostUnknown + b.LostUnknown,
        a.Duplicates + b.Duplicates,
        a.Reordered + b.Reordered);
}
