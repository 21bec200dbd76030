namespace Meshpulse.Lab.Reports;

/// <summary>What a line of a STAMP check says of directions and flows.</summary>
/// <param name="Forward">Lost on the way there.</param>
/// <param name="Backward">Lost on the way back.</param>
/// <param name="Unknown">Lost, and nobody knows where.</param>
/// <param name="Dead">Flows that lose everything while others don't.</param>
/// <param name="Flows">How many flows there are, where some are dead; else 0.</param>
internal sealed record CheckDirections(long Forward, long Backward, long Unknown, int Dead = 0, int Flows = 0)
{
    /// <summary>The losses by their direction.</summary>
    public (long Forward, long Backward, long Unknown) Losses => (Forward, Backward, Unknown);
}
