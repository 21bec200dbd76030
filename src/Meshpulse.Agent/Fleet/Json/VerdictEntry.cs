using System.Text.Json.Serialization;
using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary>A verdict as others read it.</summary>
/// <param name="Id">Stays the same as long as the incident does.</param>
/// <param name="What">The stable name of its kind, such as <c>host.frozen</c>; one of a newer program may be unknown here.</param>
/// <param name="Where">Where.</param>
/// <param name="Since">When it began.</param>
/// <param name="Until">When it ended; null while it lasts.</param>
/// <param name="Confidence">How sure that is, 0 to 1.</param>
/// <param name="Evidence">The numbers that say so, the strongest first.</param>
/// <param name="Suggestion">What an operator can do.</param>
/// <param name="Noticed">When it was first said.</param>
/// <param name="Recurrences">How often it went and came again.</param>
public sealed record VerdictEntry(
    string Id,
    string What,
    VerdictWhere Where,
    WallTime Since,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] WallTime? Until,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double Confidence,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] IReadOnlyList<VerdictEvidenceEntry> Evidence,
    string Suggestion,
    WallTime Noticed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int Recurrences)
{
    /// <summary>The most numbers of one verdict that are told.</summary>
    public const int MaxEvidence = 64;

    /// <summary>The entry of a verdict.</summary>
    public static VerdictEntry Of(Verdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        return new VerdictEntry(
            verdict.Id,
            VerdictKinds.IdOf(verdict.What),
            VerdictWhere.Of(verdict.Where),
            verdict.Since,
            verdict.Until,
            double.IsFinite(verdict.Confidence) ? verdict.Confidence : 0,
            [.. verdict.Evidence.Take(MaxEvidence).Select(VerdictEvidenceEntry.Of)],
            verdict.Suggestion,
            verdict.Noticed,
            verdict.Recurrences);
    }
}
