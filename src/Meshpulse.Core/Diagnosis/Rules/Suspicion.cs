using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Rules;

/// <summary>What one judgement makes of what was seen; suspicions that last become verdicts.</summary>
/// <param name="What">What seems to be wrong.</param>
/// <param name="Where">Where.</param>
/// <param name="From">When it began.</param>
/// <param name="Seen">When it was last seen: now for what lasts, the end of what is over.</param>
/// <param name="Confidence">How sure that is, 0 to 1.</param>
internal sealed record Suspicion(VerdictKind What, VerdictPlace Where, MonoTime From, MonoTime Seen, double Confidence)
{
    public IReadOnlyList<VerdictEvidence> Evidence { get; init; } = [];

    /// <summary>The directed pairs that it explains; empty for what is a host's alone.</summary>
    public IReadOnlySet<(string From, string To)> Edges { get; init; } = new HashSet<(string, string)>();

    /// <summary>When what it rests on last happened, where that is counted over a time and shows for longer; null for the same as <see cref="Seen"/>.</summary>
    public MonoTime? Latest { get; init; }

    /// <summary>It can't be taken for chance: said at once, without waiting for the next judgement.</summary>
    public bool IsCertain { get; init; }
}
