using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis;

/// <summary>What is or was wrong, where, since when, and what says so. An immutable value; an incident that changes gets new ones of the same id.</summary>
/// <param name="Id">Stays the same as long as the incident does.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Where">Where.</param>
/// <param name="Since">When it began, not when it was noticed.</param>
/// <param name="Until">When it ended; null while it lasts.</param>
/// <param name="Confidence">How sure that is, 0 to 1.</param>
public sealed record Verdict(string Id, VerdictKind What, VerdictPlace Where, WallTime Since, WallTime? Until, double Confidence)
{
    /// <summary>The numbers that say so, of both ends where both were asked; the strongest first.</summary>
    public IReadOnlyList<VerdictEvidence> Evidence { get; init; } = [];

    /// <summary>When it was first said.</summary>
    public WallTime Noticed { get; init; }

    /// <summary>How often it went and came again; 0 for an incident in one piece.</summary>
    public int Recurrences { get; init; }

    /// <summary>What an operator can do.</summary>
    public string Suggestion => VerdictKinds.SuggestionFor(What);
}
