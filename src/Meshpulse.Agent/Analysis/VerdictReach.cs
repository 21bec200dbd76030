using Meshpulse.Core.Diagnosis;

namespace Meshpulse.Agent.Analysis;

/// <summary>Which pairs of servers a verdict concerns.</summary>
internal static class VerdictReach
{
    /// <summary>
    /// Whether a verdict's place concerns a pair: a path, pair or flows between the two, in either direction; a host that the analysis would look at; a
    /// datacenter of that, or a path between both their datacenters; a mesh of which they are in different parts. Servers go by name or address.
    /// </summary>
    public static bool Concerns(VerdictPlace place, ServerFacts from, ServerFacts to) => place.Kind switch
    {
        VerdictPlaceKind.Host => Is(place.First, to),
        VerdictPlaceKind.Path or VerdictPlaceKind.Pair or VerdictPlaceKind.Flows =>
            (Is(place.First, from) && Is(place.Second, to)) || (Is(place.First, to) && Is(place.Second, from)),
        VerdictPlaceKind.Datacenter => IsIn(to, place.First),
        VerdictPlaceKind.DatacenterPath or VerdictPlaceKind.Datacenters =>
            (IsIn(from, place.First) && IsIn(to, place.Second)) || (IsIn(from, place.Second) && IsIn(to, place.First)),
        _ => PartOf(place, from) is { } one && PartOf(place, to) is { } other && one != other,
    };

    /// <summary>
    /// The source ports that a verdict names, where they are this server's: the flows that fail in one direction may be probes of the node at its beginning, or the
    /// replies to probes of the node at its end. Its first evidence says who counted them, and that is whose they are. Empty for everybody else.
    /// </summary>
    public static IReadOnlyList<int> SourcePortsOf(Verdict verdict, ServerFacts server)
    {
        var where = verdict.Where;
        return where.Kind == VerdictPlaceKind.Flows && Is(verdict.Evidence is [{ Node: { Length: > 0 } owner }, ..] ? owner : where.First, server) ? where.Flows : [];
    }

    /// <summary>Whether a verdict's name is that of a server, or its address.</summary>
    public static bool Is(string name, ServerFacts server) => name == server.Name || name == server.Ip;

    private static bool IsIn(ServerFacts server, string datacenter) =>
        server.Datacenter is { } own && (own == datacenter || own.StartsWith(datacenter + ".", StringComparison.Ordinal));

    private static int? PartOf(VerdictPlace place, ServerFacts server)
    {
        for (var i = 0; i < place.Parts.Count; i++)
        {
            if (place.Parts[i].Any(name => Is(name, server)))
            {
                return i;
            }
        }

        return null;
    }
}
