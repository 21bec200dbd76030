using Meshpulse.Core.Diagnosis;
using Meshpulse.Sim.Fabric;
using Meshpulse.Sim.Machines;

namespace Meshpulse.Sim.Incidents;

/// <summary>
/// What hits many paths at once: a host's link (5 to 40 % loss there, back or both, or cut), a datacenter without power, a trunk between two of three
/// datacenters (3 to 30 % loss, 8 to 100 ms more, or cut), a mesh in two parts.
/// </summary>
internal static class WideIncidents
{
    public static Incident Uplink(IncidentScene scene)
    {
        var (host, isCut, share) = (scene.Machine(), scene.Between(0.0, 1) < 0.3, scene.Between(0.05, 0.4));
        var (goesOut, comesIn) = (scene.World.Fabric.Out(host.Index), scene.World.Fabric.In(host.Index));
        var links = isCut ? [goesOut, comesIn] : scene.One<Link[]>([goesOut], [comesIn], [goesOut, comesIn]);
        var (begin, end) = IncidentScene.Change(links, w => isCut ? w with { IsCut = true } : w with { Loss = share });
        var size = isCut ? "cut" : $"{share:P0} lost {(links.Length == 2 ? "both ways" : links[0] == goesOut ? "out" : "in")}";
        var incident = new Incident(VerdictKind.NodeUplink, $"{host.Name}, {size}", scene.Between(6_000, 12_000)) { Begin = begin, End = end, Hinders = m => m == host }
            .Named(HostIncidents.At(VerdictKind.NodeUplink, host));
        // From outside nothing of the host answers. The host itself hears nobody: which is its own link, and not that all others have gone.
        return isCut ? incident.Named(HostIncidents.At(VerdictKind.HostGone, host)) : incident;
    }

    public static Incident DatacenterDown(IncidentScene scene)
    {
        var which = scene.Datacenter();
        var inside = scene.World.Machines.Where(m => m.Datacenter == which).ToList();
        var incident = new Incident(VerdictKind.DatacenterDown, which, scene.Between(5_000, 12_000))
        {
            Begin = () => inside.ForEach(m => m.Vanish()),
            End = () => inside.ForEach(m => m.Return()),
            CanKnow = m => m.Datacenter != which,
            Hinders = m => m.Datacenter == which,
        };
        // Its trunks cut would look the same, and all of its agents begin anew afterwards.
        return incident.Named(new Naming(VerdictKind.DatacenterDown, VerdictPlace.Datacenter(which)))
            .Forgiven([Parts([inside, scene.World.Machines.Except(inside)]), .. inside.Select(m => HostIncidents.At(VerdictKind.HostRestarted, m))]);
    }

    public static Incident DatacenterPath(IncidentScene scene)
    {
        var ((from, to), isBoth) = (scene.Datacenters(), scene.Coin());
        var (share, more, sort) = (scene.Between(0.03, 0.3), scene.Between(8, 100), scene.One("loss", "latency", "cut"));
        var fabric = scene.World.Fabric;
        Link[] links = isBoth ? [fabric.Trunk(from, to), fabric.Trunk(to, from)] : [fabric.Trunk(from, to)];
        var (begin, end) = IncidentScene.Change(links, w => sort switch
        {
            "loss" => w with { Loss = share },
            "latency" => w with { Delay = w.Delay + more },
            _ => w with { IsCut = true },
        });
        var (both, path) = (VerdictPlace.Datacenters(from, to), VerdictPlace.DatacenterPath(from, to));
        var size = sort == "loss" ? $"{share:P0}" : sort == "latency" ? $"{more}" : "";
        var incident = new Incident(VerdictKind.DatacenterPath, $"{(isBoth ? both : path)}, {sort} {size}".TrimEnd(), scene.Between(6_000, 12_000)) { Begin = begin, End = end }
            .Named(new Naming(VerdictKind.DatacenterPath, isBoth ? both : path));
        if (isBoth)
        {
            return incident.Forgiven(new Naming(VerdictKind.DatacenterPath, path), new Naming(VerdictKind.DatacenterPath, VerdictPlace.DatacenterPath(to, from)));
        }

        // Where nothing comes back nobody knows the direction.
        return sort == "cut" ? incident.Named(new Naming(VerdictKind.DatacenterPath, both)) : incident;
    }

    public static Incident Partition(IncidentScene scene)
    {
        var (one, other) = scene.Parts();
        var links = one.SelectMany(a => other.SelectMany(b => new[] { scene.World.Fabric.Between(a.Index, b.Index), scene.World.Fabric.Between(b.Index, a.Index) })).ToList();
        var (begin, end) = IncidentScene.Change(links, w => w with { IsCut = true });
        var parts = Parts([one, other]);
        var incident = new Incident(VerdictKind.MeshPartitioned, parts.Place, scene.Between(5_000, 12_000)) { Begin = begin, End = end }.Named(parts);
        // Where the part is a datacenter, that is the better name.
        foreach (var part in new[] { one, other })
        {
            List<string?> datacenters = [.. part.Select(m => m.Datacenter).Distinct()];
            if (datacenters is [{ } whole] && scene.World.Machines.Count(m => m.Datacenter == whole) == part.Count)
            {
                incident = incident.Named(new Naming(VerdictKind.DatacenterDown, VerdictPlace.Datacenter(whole)));
            }
        }

        return incident;
    }

    private static Naming Parts(IEnumerable<IEnumerable<Machine>> parts) =>
        new(VerdictKind.MeshPartitioned, VerdictPlace.Mesh(parts.Select(p => p.Select(m => m.Name))));
}
