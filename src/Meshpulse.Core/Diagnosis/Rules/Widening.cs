using Meshpulse.Core.Diagnosis.Views;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Rules;

/// <summary>
/// From bad directions to culprits.
/// <para>
/// The problem: one bad cable of a host among fifty makes ninety-eight bad directions, and each of its peers is an end of one. The obvious way, a count of
/// bad directions per host, accuses the peers too. What we do: a candidate (a host's directions out, in or both; those between two datacenters) must
/// have most of what was measured of it bad; of those, the one that explains most is taken, what it explains is struck out, and the rest is looked at again, until
/// what is left are single pairs. Of two that explain the same the smaller place wins: a host before the datacenter that has only that host.
/// </para>
/// </summary>
/// <param name="fleet">All that is known.</param>
/// <param name="symptoms">What is wrong with single directions.</param>
/// <param name="measured">All directions that were looked at.</param>
/// <param name="faint">Those with too little wrong to say so of them alone.</param>
internal sealed class Widening(
    FleetView fleet,
    IReadOnlyCollection<Symptom> symptoms,
    IReadOnlySet<(string From, string To)> measured,
    FaintSymptoms faint)
{
    private const int LossClass = 2;
    private const int LatencyClass = 3;

    // So long a single pair may yet turn out to be one of several.
    private static readonly Duration s_doubt = Duration.FromMilliseconds(1_300);

    private HashSet<(string From, string To)> _faint = [];

    public IEnumerable<Suspicion> Judge()
    {
        // Flows that die on several paths of a host at once are many findings, but one cause can't be proven by them.
        foreach (var group in symptoms.GroupBy(s => Class(s.What)).OrderBy(g => g.Key))
        {
            var left = group.ToDictionary(s => (s.From, s.To));
            _faint = [.. faint.Of(group.First().What).Where(e => !left.ContainsKey(e))];
            while (left.Count > 0 && Best(left) is { } wide)
            {
                yield return wide;
                foreach (var edge in wide.Edges)
                {
                    left.Remove(edge);
                    _faint.Remove(edge);
                }
            }

            foreach (var suspicion in Pairs(left))
            {
                yield return suspicion;
            }
        }
    }

    /// <summary>Kinds that one cause can show as, on different pairs at the same time, are looked at together.</summary>
    private static int Class(VerdictKind what) => what switch
    {
        VerdictKind.PathBlackhole => 0,
        VerdictKind.HostReceiveDrops => 1,
        VerdictKind.PathLoss or VerdictKind.PathCongestion => LossClass,
        VerdictKind.PathLatency => LatencyClass,
        VerdictKind.PathFlowLoss => 4,
        _ => 5 + (int)what,
    };

    private Suspicion? Best(Dictionary<(string From, string To), Symptom> left)
    {
        Suspicion? best = null;
        foreach (var candidate in Candidates(left))
        {
            if (best is null || candidate.Edges.Count > best.Edges.Count)
            {
                best = candidate;
            }
        }

        return best;
    }

    private IEnumerable<Suspicion> Candidates(Dictionary<(string From, string To), Symptom> left)
    {
        var hosts = left.Keys.SelectMany(e => new[] { e.From, e.To }).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        foreach (var host in hosts)
        {
            foreach (var candidate in OfHost(host, left))
            {
                yield return candidate;
            }
        }

        var datacenters = hosts.Select(fleet.DatacenterOf).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        for (var i = 0; i < datacenters.Count; i++)
        {
            for (var j = i + 1; j < datacenters.Count; j++)
            {
                foreach (var candidate in OfDatacenters(datacenters[i], datacenters[j], left))
                {
                    yield return candidate;
                }
            }
        }
    }

    private IEnumerable<Suspicion> OfHost(string host, Dictionary<(string From, string To), Symptom> left)
    {
        var what = left.Values.Any(s => s.What == VerdictKind.HostReceiveDrops && s.To == host) ? VerdictKind.HostReceiveDrops : VerdictKind.NodeUplink;
        if (Covered(e => e.From == host, left, 2) is { } outward)
        {
            yield return Wide(VerdictKind.NodeUplink, VerdictPlace.Host(host), outward, left);
        }

        if (Covered(e => e.To == host, left, 2) is { } inward)
        {
            yield return Wide(what, VerdictPlace.Host(host), inward, left);
        }

        if (Covered(e => e.To == host || e.From == host, left, 3) is { } both)
        {
            yield return Wide(what, VerdictPlace.Host(host), both, left);
        }
    }

    private IEnumerable<Suspicion> OfDatacenters(string a, string b, Dictionary<(string From, string To), Symptom> left)
    {
        bool Leads((string From, string To) edge, string from, string to) => fleet.DatacenterOf(edge.From) == from && fleet.DatacenterOf(edge.To) == to;
        if (Covered(e => Leads(e, a, b) || Leads(e, b, a), left, 4) is { } both)
        {
            yield return Wide(VerdictKind.DatacenterPath, VerdictPlace.Datacenters(a, b), both, left);
        }

        if (Covered(e => Leads(e, a, b), left, 2) is { } there)
        {
            yield return Wide(VerdictKind.DatacenterPath, VerdictPlace.DatacenterPath(a, b), there, left);
        }

        if (Covered(e => Leads(e, b, a), left, 2) is { } back)
        {
            yield return Wide(VerdictKind.DatacenterPath, VerdictPlace.DatacenterPath(b, a), back, left);
        }
    }

    /// <summary>The bad directions of a candidate, where they are most of those that were measured; null else.</summary>
    private HashSet<(string From, string To)>? Covered(Func<(string From, string To), bool> belongs, Dictionary<(string From, string To), Symptom> left, int fewest)
    {
        var bad = left.Keys.Where(belongs).ToHashSet();
        if (bad.Count == 0)
        {
            return null;
        }

        bad.UnionWith(_faint.Where(belongs));
        return bad.Count >= fewest && bad.Count >= measured.Count(belongs) * fleet.Settings.WideShare ? bad : null;
    }

    private Suspicion Wide(VerdictKind what, VerdictPlace where, HashSet<(string From, string To)> edges, Dictionary<(string From, string To), Symptom> left)
    {
        var members = edges.Select(e => left.GetValueOrDefault(e)).OfType<Symptom>().ToList();
        var worst = members.MaxBy(s => s.Size)!;
        return new Suspicion(what, where, Earliest(members), fleet.Now, Math.Min(0.97, worst.Confidence + 0.05))
        {
            Edges = edges,
            Evidence = [new VerdictEvidence(fleet.Self, "directions that suffer", edges.Count, "", 0), .. worst.Evidence],
        };
    }

    private static MonoTime Earliest(IEnumerable<Symptom> members) => new(members.Min(s => s.Since.Nanoseconds));

    private IEnumerable<Suspicion> Pairs(Dictionary<(string From, string To), Symptom> left)
    {
        foreach (var symptom in left.Values.OrderBy(s => s.From, StringComparer.Ordinal).ThenBy(s => s.To, StringComparer.Ordinal))
        {
            if (IsYoungAmongOthers(symptom))
            {
                continue;
            }

            var back = left.GetValueOrDefault((symptom.To, symptom.From));
            var isBoth = back is not null;
            if (isBoth && string.CompareOrdinal(symptom.From, symptom.To) > 0 && symptom.What != VerdictKind.PathFlowLoss)
            {
                continue;
            }

            yield return symptom.What switch
            {
                VerdictKind.PathFlowLoss => OfFlows(symptom),
                VerdictKind.HostReceiveDrops => Single(symptom, VerdictPlace.Host(symptom.To), back: null),
                _ => isBoth ? Single(Stronger(symptom, back!), VerdictPlace.Pair(symptom.From, symptom.To), back) : Single(symptom, VerdictPlace.Path(symptom.From, symptom.To), null),
            };
        }
    }

    /// <summary>It has just begun, and others of one of its ends suffer too, or begin to: more will be known in a moment.</summary>
    /// <remarks>One cause begins as delay on one pair and as a filling queue on the next: of the others any kind counts that can be wide.</remarks>
    private bool IsYoungAmongOthers(Symptom symptom) => fleet.Now - symptom.Since < s_doubt
        && (_faint.Any(e => IsBeside(e, symptom)) || (CanBeWide(symptom.What) && symptoms.Any(s => CanBeWide(s.What) && IsBeside((s.From, s.To), symptom))));

    private static bool IsBeside((string From, string To) edge, Symptom symptom) => (edge.From == symptom.From) != (edge.To == symptom.To);

    private static bool CanBeWide(VerdictKind what) => Class(what) <= LatencyClass;

    private static Symptom Stronger(Symptom a, Symptom b) => (int)a.What <= (int)b.What && a.What != VerdictKind.PathCongestion ? b.What == VerdictKind.PathCongestion ? b : a : a;

    private Suspicion OfFlows(Symptom symptom) => Single(symptom, VerdictPlace.OfFlows(symptom.From, symptom.To, symptom.Flows), null);

    private Suspicion Single(Symptom symptom, VerdictPlace where, Symptom? back) =>
        new(symptom.What, where, back is null ? symptom.Since : MonoTime.Min(symptom.Since, back.Since), fleet.Now, symptom.Confidence)
        {
            Edges = back is null && !symptom.IsEitherWay
                ? new HashSet<(string, string)> { (symptom.From, symptom.To) }
                : new HashSet<(string, string)> { (symptom.From, symptom.To), (symptom.To, symptom.From) },
            // Where one of the two is there now, so is the whole.
            Latest = back is null || symptom.Latest is null || symptom.Latest > back.Latest ? symptom.Latest : back.Latest,
            Evidence = [.. symptom.Evidence, .. back?.Evidence ?? []],
        };
}
