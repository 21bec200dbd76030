namespace Meshpulse.Bench.Verdicts;

/// <summary>The scores of some incidents together.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Drawn">How many.</param>
/// <param name="Found">Of how many somebody said something right, or forgiven.</param>
/// <param name="Named">How many all who could know named.</param>
/// <param name="False">Verdicts that were none of it.</param>
/// <param name="Perfect">How many were found and named, with nothing else said.</param>
/// <param name="Half">Seconds within which half of the agents said the right name; null where none did.</param>
/// <param name="Most">Within which 99 of a hundred did.</param>
internal sealed record IncidentRow(string Kind, int Drawn, int Found, int Named, int False, int Perfect, double? Half, double? Most)
{
    /// <summary>Adds them up.</summary>
    public static IncidentRow Of(string kind, IReadOnlyCollection<PlayedIncident> of)
    {
        var times = of.SelectMany(s => s.Times).Order().ToList();
        return new IncidentRow(
            kind, of.Count, of.Count(s => s.IsFound), of.Count(s => s.IsNamed), of.Sum(s => s.False), of.Count(s => s.IsPerfect), Rank(times, 0.5), Rank(times, 0.99));
    }

    private static double? Rank(List<double> sorted, double share) =>
        sorted.Count == 0 ? null : sorted[Math.Min(sorted.Count - 1, (int)Math.Ceiling(share * sorted.Count) - 1)];
}
