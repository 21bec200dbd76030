namespace Meshpulse.Core.Probing.Trace;

/// <summary>
/// What became of probes. At the end sent = answered + late + lost + unattributed; while it goes on, those that wait are missing from the
/// right side.
/// </summary>
/// <param name="Sent">Probes that left.</param>
/// <param name="Answered">Answered within the timeout.</param>
/// <param name="Late">Answered after it; not among the lost.</param>
/// <param name="Lost">Not answered.</param>
/// <param name="Unattributed">Under way when an answer came that can belong to any of them.</param>
public readonly record struct TraceCounts(long Sent, long Answered, long Late, long Lost, long Unattributed)
{
    /// <summary>The share of lost probes among those that are decided, 0 to 1; null where none is.</summary>
    public double? Loss => Answered + Late + Lost is var decided and > 0 ? (double)Lost / decided : null;

    /// <summary>Both together.</summary>
    public static TraceCounts operator +(TraceCounts a, TraceCounts b) =>
        new(a.Sent + b.Sent, a.Answered + b.Answered, a.Late + b.Late, a.Lost + b.Lost, a.Unattributed + b.Unattributed);
}
