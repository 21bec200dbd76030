using Meshpulse.Core.Diagnosis;

namespace Meshpulse.Agent.Fleet.Json;

/// <summary>Where something is wrong: one object whose <c>kind</c> says which of the others it has.</summary>
/// <param name="Kind"><c>host</c>, <c>path</c>, <c>pair</c>, <c>flows</c>, <c>datacenter</c>, <c>datacenter_path</c>, <c>datacenters</c> or <c>mesh</c>.</param>
public sealed record VerdictWhere(string Kind)
{
    /// <summary>Of <c>host</c>.</summary>
    public string? Host { get; init; }

    /// <summary>Of <c>path</c>, <c>flows</c> and <c>datacenter_path</c>: where the direction begins.</summary>
    public string? From { get; init; }

    /// <summary>Where it leads.</summary>
    public string? To { get; init; }

    /// <summary>Of <c>pair</c>: both.</summary>
    public IReadOnlyList<string>? Hosts { get; init; }

    /// <summary>Of <c>flows</c>: the source ports.</summary>
    public IReadOnlyList<int>? Flows { get; init; }

    /// <summary>Of <c>datacenter</c>.</summary>
    public string? Datacenter { get; init; }

    /// <summary>Of <c>datacenters</c>: both.</summary>
    public IReadOnlyList<string>? Datacenters { get; init; }

    /// <summary>Of <c>mesh</c>: its parts, the largest first.</summary>
    public IReadOnlyList<IReadOnlyList<string>>? Parts { get; init; }

    /// <summary>The object of a place.</summary>
    public static VerdictWhere Of(VerdictPlace place)
    {
        ArgumentNullException.ThrowIfNull(place);
        return place.Kind switch
        {
            VerdictPlaceKind.Host => new VerdictWhere("host") { Host = place.First },
            VerdictPlaceKind.Path => new VerdictWhere("path") { From = place.First, To = place.Second },
            VerdictPlaceKind.Pair => new VerdictWhere("pair") { Hosts = [place.First, place.Second] },
            VerdictPlaceKind.Flows => new VerdictWhere("flows") { From = place.First, To = place.Second, Flows = place.Flows },
            VerdictPlaceKind.Datacenter => new VerdictWhere("datacenter") { Datacenter = place.First },
            VerdictPlaceKind.DatacenterPath => new VerdictWhere("datacenter_path") { From = place.First, To = place.Second },
            VerdictPlaceKind.Datacenters => new VerdictWhere("datacenters") { Datacenters = [place.First, place.Second] },
            _ => new VerdictWhere("mesh") { Parts = place.Parts },
        };
    }

    /// <summary>The place itself; null for a kind that this program does not know, or one that lacks a name.</summary>
    public VerdictPlace? ToPlace() => (Kind, this) switch
    {
        ("host", { Host: { } host }) => VerdictPlace.Host(host),
        ("path", { From: { } from, To: { } to }) => VerdictPlace.Path(from, to),
        ("pair", { Hosts: [var a, var b] }) => VerdictPlace.Pair(a, b),
        ("flows", { From: { } from, To: { } to, Flows: { } flows }) => VerdictPlace.OfFlows(from, to, flows),
        ("datacenter", { Datacenter: { } name }) => VerdictPlace.Datacenter(name),
        ("datacenter_path", { From: { } from, To: { } to }) => VerdictPlace.DatacenterPath(from, to),
        ("datacenters", { Datacenters: [var a, var b] }) => VerdictPlace.Datacenters(a, b),
        ("mesh", { Parts: { } parts }) when parts.All(p => p.Count > 0) => VerdictPlace.Mesh(parts),
        _ => null,
    };
}
