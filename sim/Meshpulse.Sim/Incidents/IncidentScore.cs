using Meshpulse.Core.Time;

namespace Meshpulse.Sim.Incidents;

/// <summary>What became of one incident.</summary>
/// <param name="Name">Of what kind it was.</param>
/// <param name="Seed">By which it can be had again.</param>
/// <param name="Text">Where and how large it was.</param>
/// <param name="Expected">Its name.</param>
public sealed record IncidentScore(string Name, ulong Seed, string Text, string Expected)
{
    /// <summary>What else went on.</summary>
    public Company Company { get; init; }

    /// <summary>The kind by which it can be had again: its own, or that of the first of two.</summary>
    public required string Drawn { get; init; }

    /// <summary>For each agent that could know: how long after it could be told it said the right name; null where it never did.</summary>
    public required IReadOnlyList<(string Node, Duration? After)> Knowers { get; init; }

    /// <summary>What was said and was none of it: by whom, what, and how long after the beginning; each once.</summary>
    public required IReadOnlyList<(string Node, string Said, Duration After)> Wrong { get; init; }

    /// <summary>Somebody said something that was right, or forgiven.</summary>
    public required bool IsFound { get; init; }

    /// <summary>All who could know said the right name.</summary>
    public bool IsNamed => Knowers.All(k => k.After is not null);

    /// <summary>Found, named by all, and nothing else said.</summary>
    public bool IsPerfect => IsFound && IsNamed && Wrong.Count == 0;
}
