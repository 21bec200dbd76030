using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Core.Diagnosis;

namespace Meshpulse.Cli.Fleet;

/// <summary>What is to be looked at first of what a node says.</summary>
internal static class VerdictUrgency
{
    /// <summary>How urgent it is. What a newer node says and we do not know is worth a look.</summary>
    public static VerdictSeverity Of(VerdictEntry verdict) =>
        VerdictKinds.TryParse(verdict.What, out var kind) ? VerdictKinds.SeverityOf(kind) : VerdictSeverity.Warning;

    /// <summary>Those in force, the most urgent first.</summary>
    public static List<VerdictEntry> InForce(VerdictDocument document) =>
        [.. document.Verdicts.Where(v => v.Until is null).OrderByDescending(Of).ThenByDescending(v => v.Confidence).ThenBy(v => v.Since)];
}
