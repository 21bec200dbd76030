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
