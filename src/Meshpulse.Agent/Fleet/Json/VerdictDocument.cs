using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary>What <c>GET /api/v1/verdicts</c> answers: those in force and those of the last hour, the newest last.</summary>
/// <param name="Version">Of the format; 1.</param>
/// <param name="Node">Who judges.</param>
/// <param name="Now">When, by its clock.</param>
/// <param name="Verdicts">At most 1,000.</param>
public sealed record VerdictDocument(int Version, string Node, WallTime Now, IReadOnlyList<VerdictEntry> Verdicts)
{
    /// <summary>The most verdicts of one document.</summary>
    public const int MaxVerdicts = 1_000;

    /// <summary>The document of what a node says now.</summary>
    public static VerdictDocument Of(string node, WallTime now, IReadOnlyList<Verdict> verdicts) =>
        new(SliceBatch.CurrentVersion, node, now, [.. verdicts.TakeLast(MaxVerdicts).Select(VerdictEntry.Of)]);
}
