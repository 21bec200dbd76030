namespace Meshpulse.Agent.Fleet;

/// <summary>
/// Whom to ask: all of a small mesh; of a large one those that stand out in our own slices, and some of the others, who change from turn to turn. Nobody
/// chooses at random here: the order is that of the identities, from a place that the caller gives.
/// </summary>
internal static class FleetSelection
{
    /// <summary>The peers to be asked.</summary>
    /// <param name="peers">All.</param>
    /// <param name="suspects">The names of those that stand out, the most conspicuous first.</param>
    /// <param name="turn">Counts the turns of the sample.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="mostSuspects">How many of those may be suspects.</param>
    public static IReadOnlyList<FleetPeer> Of(IReadOnlyCollection<FleetPeer> peers, IEnumerable<string> suspects, long turn, int most, int mostSuspects)
    {
        if (peers.Count <= most)
        {
            return [.. peers];
        }

        var names = suspects.Take(mostSuspects).ToHashSet(StringComparer.Ordinal);
        var chosen = peers.Where(p => names.Contains(p.Name)).Take(mostSuspects).ToList();
        var others = peers.Where(p => !names.Contains(p.Name)).OrderBy(p => p.Node).ToList();
        var count = Math.Min(most - chosen.Count, others.Count);
        var first = (int)((ulong)turn % (ulong)others.Count * (ulong)count % (ulong)others.Count);
        for (var i = 0; i < count; i++)
        {
            chosen.Add(others[(first + i) % others.Count]);
        }

        return chosen;
    }
}
