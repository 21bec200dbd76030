using System.Text.Json.Serialization;
using Meshpulse.Core.Diagnosis;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary>One number that speaks for a verdict, as others read it.</summary>
/// <param name="Node">Who measured it.</param>
/// <param name="Figure">What it is.</param>
/// <param name="Value">The number.</param>
/// <param name="Unit">Its unit; empty for a mere count.</param>
/// <param name="Baseline">What it is when all is well; null where nobody knows.</param>
public sealed record VerdictEvidenceEntry(
    string Node,
    string Figure,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double Value,
    string Unit,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? Baseline)
{
    /// <summary>The entry of a number; what is no number at all is told as 0.</summary>
    public static VerdictEvidenceEntry Of(VerdictEvidence evidence) => new(
        evidence.Node,
        evidence.Figure,
        double.IsFinite(evidence.Value) ? evidence.Value : 0,
        evidence.Unit,
        evidence.Baseline is { } baseline && double.IsFinite(baseline) ? baseline : null);
}
