using Meshpulse.Agent.Fleet.Json;

namespace Meshpulse.Agent.Api;

/// <summary>The verdicts of a span, out of what is kept and what is said now.</summary>
internal static class VerdictSpan
{
    /// <summary>Each once, the newest last; what is said now is newer than what was kept of it.</summary>
    public static IReadOnlyList<VerdictEntry> Of(ApiSpan span, IReadOnlyList<VerdictEntry> past, IReadOnlyList<VerdictEntry> now)
    {
        var all = new Dictionary<string, VerdictEntry>(StringComparer.Ordinal);
        foreach (var verdict in past.Concat(now))
        {
            all[verdict.Id] = verdict;
        }

        return
        [
            .. all.Values.Where(v => v.Since <= span.End && (v.Until is not { } until || until >= span.Start))
                .OrderBy(v => v.Since)
                .TakeLast(VerdictDocument.MaxVerdicts),
        ];
    }
}
