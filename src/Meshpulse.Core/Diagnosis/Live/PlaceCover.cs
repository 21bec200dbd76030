namespace Meshpulse.Core.Diagnosis.Live;

/// <summary>Which directions a verdict's place concerns.</summary>
public static class PlaceCover
{
    /// <summary>Whether the direction between two nodes, given by their places among the names, is concerned.</summary>
    /// <param name="place">Where something is wrong.</param>
    /// <param name="names">The nodes.</param>
    /// <param name="datacenters">Of each; null for none.</param>
    public static Func<int, int, bool> Of(VerdictPlace place, IReadOnlyList<string> names, IReadOnlyList<string?> datacenters)
    {
        ArgumentNullException.ThrowIfNull(place);
        var first = Are(names, place.First);
        var second = Are(names, place.Second);
        var here = AreIn(datacenters, place.First);
        var there = AreIn(datacenters, place.Second);
        return place.Kind switch
        {
            VerdictPlaceKind.Host => (from, to) => first[from] || first[to],
            VerdictPlaceKind.Path or VerdictPlaceKind.Flows => (from, to) => first[from] && second[to],
            VerdictPlaceKind.Pair => (from, to) => (first[from] && second[to]) || (second[from] && first[to]),
            VerdictPlaceKind.Datacenter => (from, to) => here[from] || here[to],
            VerdictPlaceKind.DatacenterPath => (from, to) => here[from] && there[to],
            VerdictPlaceKind.Datacenters => (from, to) => (here[from] && there[to]) || (there[from] && here[to]),
            _ => BetweenParts(place, names),
        };
    }

    private static Func<int, int, bool> BetweenParts(VerdictPlace place, IReadOnlyList<string> names)
    {
        var parts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var part = 0; part < place.Parts.Count; part++)
        {
            foreach (var name in place.Parts[part])
            {
                parts[name] = part;
            }
        }

        var partOf = names.Select(n => parts.GetValueOrDefault(n, -1)).ToArray();
        return (from, to) => partOf[from] >= 0 && partOf[to] >= 0 && partOf[from] != partOf[to];
    }

    private static bool[] Are(IReadOnlyList<string> names, string wanted) => [.. names.Select(n => n == wanted)];

    /// <summary>A datacenter's name is dotted, and holds all whose names go on after it.</summary>
    private static bool[] AreIn(IReadOnlyList<string?> datacenters, string wanted) =>
        [.. datacenters.Select(d => d is not null && wanted.Length > 0 && (d == wanted || d.StartsWith(wanted + ".", StringComparison.Ordinal)))];
}
