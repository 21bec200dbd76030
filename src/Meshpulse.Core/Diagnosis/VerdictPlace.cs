namespace Meshpulse.Core.Diagnosis;

/// <summary>
/// Where something is wrong: a sort and its names, compared by value. <see cref="First"/> is the host, the datacenter, or what a direction comes from;
/// <see cref="Second"/> what it leads to. Of both directions the names are in order.
/// </summary>
public sealed class VerdictPlace : IEquatable<VerdictPlace>
{
    private VerdictPlace(VerdictPlaceKind kind, string first, string second) => (Kind, First, Second) = (kind, first, second);

    /// <summary>Of what sort it is.</summary>
    public VerdictPlaceKind Kind { get; }

    /// <summary>The one name, or the first of two; empty for the mesh.</summary>
    public string First { get; }

    /// <summary>The second name; empty where there is one, or none.</summary>
    public string Second { get; }

    /// <summary>The source ports of the flows, in order; empty for all other sorts.</summary>
    public IReadOnlyList<int> Flows { get; private init; } = [];

    /// <summary>The parts of the mesh, each in order, the largest first; empty for all other sorts.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Parts { get; private init; } = [];

    /// <summary>A host.</summary>
    public static VerdictPlace Host(string host) => new(VerdictPlaceKind.Host, host, "");

    /// <summary>One direction.</summary>
    public static VerdictPlace Path(string from, string to) => new(VerdictPlaceKind.Path, from, to);

    /// <summary>Both directions.</summary>
    public static VerdictPlace Pair(string a, string b) => InOrder(VerdictPlaceKind.Pair, a, b);

    /// <summary>Some flows of one direction.</summary>
    public static VerdictPlace OfFlows(string from, string to, IEnumerable<int> flows) =>
        new(VerdictPlaceKind.Flows, from, to) { Flows = [.. flows.Order()] };

    /// <summary>A datacenter.</summary>
    public static VerdictPlace Datacenter(string datacenter) => new(VerdictPlaceKind.Datacenter, datacenter, "");

    /// <summary>One direction between datacenters.</summary>
    public static VerdictPlace DatacenterPath(string from, string to) => new(VerdictPlaceKind.DatacenterPath, from, to);

    /// <summary>Both directions between datacenters.</summary>
    public static VerdictPlace Datacenters(string a, string b) => InOrder(VerdictPlaceKind.Datacenters, a, b);

    /// <summary>The mesh in parts.</summary>
    public static VerdictPlace Mesh(IEnumerable<IEnumerable<string>> parts) => new(VerdictPlaceKind.Mesh, "", "")
    {
        Parts = [.. parts.Select(p => (IReadOnlyList<string>)[.. p.Order(StringComparer.Ordinal)])
            .OrderByDescending(p => p.Count).ThenBy(p => p[0], StringComparer.Ordinal)],
    };

    /// <summary>Whether a host or datacenter has a part in it.</summary>
    public bool Names(string name) => First == name || Second == name || Parts.Any(p => p.Contains(name));

    /// <inheritdoc />
    public bool Equals(VerdictPlace? other) => other is not null && other.ToString() == ToString();

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as VerdictPlace);

    /// <inheritdoc />
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>For people, and stable: <c>web1</c>, <c>web1 -> web2</c>, <c>web1 &lt;-> web2</c>, <c>web1 -> web2, source ports 40001 40002</c>.</summary>
    public override string ToString() => Kind switch
    {
        VerdictPlaceKind.Host => First,
        VerdictPlaceKind.Path => $"{First} -> {Second}",
        VerdictPlaceKind.Pair => $"{First} <-> {Second}",
        VerdictPlaceKind.Flows => $"{First} -> {Second}, source {(Flows.Count == 1 ? "port" : "ports")} {string.Join(' ', Flows)}",
        VerdictPlaceKind.Datacenter => $"datacenter {First}",
        VerdictPlaceKind.DatacenterPath => $"datacenter {First} -> {Second}",
        VerdictPlaceKind.Datacenters => $"datacenters {First} <-> {Second}",
        _ => string.Join(" | ", Parts.Select(p => string.Join(' ', p))),
    };

    private static VerdictPlace InOrder(VerdictPlaceKind kind, string a, string b) =>
        string.CompareOrdinal(a, b) <= 0 ? new VerdictPlace(kind, a, b) : new VerdictPlace(kind, b, a);
}
