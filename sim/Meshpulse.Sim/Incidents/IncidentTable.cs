using Meshpulse.Core.Time;

namespace Meshpulse.Sim.Incidents;

/// <summary>The scores of all incidents of one kind, or of all kinds.</summary>
/// <param name="Name">The kind.</param>
/// <param name="Drawn">How many there were.</param>
/// <param name="Found">Of how many somebody said something that was right or forgiven.</param>
/// <param name="Named">How many were named right by all who could know.</param>
/// <param name="Wrong">How many verdicts were said that were none of it.</param>
/// <param name="Median">How long half of the agents took at most to the right name; null where none said it.</param>
/// <param name="P99">How long 99 of a hundred took at most.</param>
public sealed record IncidentTable(string Name, int Drawn, int Found, int Named, int Wrong, Duration? Median, Duration? P99)
{
    /// <summary>
    /// Adds the scores up: by kind in the order in which they came, whatever the company; once more those of each company, where there are any; and all together last.
    /// </summary>
    public static IReadOnlyList<IncidentTable> Of(IReadOnlyCollection<IncidentScore> scores) =>
        [.. scores.GroupBy(s => s.Name).Select(g => Sum(g.Key, [.. g])), .. InCompany(scores), Sum("all", scores)];

    private static IEnumerable<IncidentTable> InCompany(IReadOnlyCollection<IncidentScore> scores) => scores
        .Where(s => s.Company != Company.Alone)
        .GroupBy(s => s.Company)
        .OrderBy(g => g.Key)
        .Select(g => Sum(g.Key == Company.TwoAtOnce ? "two at once" : "sick observer", [.. g]));

    private static IncidentTable Sum(string name, IReadOnlyCollection<IncidentScore> scores)
    {
        var times = scores.SelectMany(s => s.Knowers).Select(k => k.After).OfType<Duration>().Order().ToList();
        return new IncidentTable(
            name,
            scores.Count,
            scores.Count(s => s.IsFound),
            scores.Count(s => s.IsNamed),
            scores.Sum(s => s.Wrong.Count),
            Rank(times, 0.5),
            Rank(times, 0.99));
    }

    private static Duration? Rank(List<Duration> sorted, double share) =>
        sorted.Count == 0 ? null : sorted[Math.Min(sorted.Count - 1, (int)Math.Ceiling(share * sorted.Count) - 1)];
}
