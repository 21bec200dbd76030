using System.Numerics;
using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Time;
using Meshpulse.Sim.Fabric;
using Meshpulse.Sim.Machines;

namespace Meshpulse.Sim.Incidents;

/// <summary>
/// What happens between two hosts. Half of it in one direction, half in both, where the agents can tell. Sizes:
/// <list type="bullet">
/// <item>loss of 3 to 30 %; one to half of 2 to 8 members of a bundle dead, so that of the eight flows some are hit and some are not;</item>
/// <item>8 to 100 ms more delay; bursts of 5 to 40 ms, 8 to 25 of them a second; a queue of 20 to 150 ms that 105 to 200 % of what the link carries is offered to;</item>
/// <item>copies of 5 to 50 %, damage to 3 to 20 %;</item>
/// <item>reordering of 10 to 40 %, held back by 150 to 440 ms: a flow's packets are 225 ms apart, and what is overtaken by less is overtaken by no packet of its flow;</item>
/// <item>an MTU of 1,300 to 1,492; one to three hops more.</item>
/// </list>
/// </summary>
internal static class PathIncidents
{
    public static Incident Loss(IncidentScene scene)
    {
        var share = scene.Between(0.03, 0.3);
        return Directed(scene, VerdictKind.PathLoss, $"{share:P0}", scene.Between(6_000, 10_000), w => w with { Loss = share });
    }

    public static Incident Latency(IncidentScene scene)
    {
        var more = scene.Between(8, 100);
        return Directed(scene, VerdictKind.PathLatency, $"{more} more", scene.Between(6_000, 10_000), w => w with { Delay = w.Delay + more });
    }

    public static Incident Jitter(IncidentScene scene)
    {
        var (longest, often) = (scene.Between(5, 40), scene.Between(8.0, 25));
        return Directed(
            scene, VerdictKind.PathJitter, $"up to {longest}, {often:0} times a second", scene.Between(6_000, 10_000), w => w with { Bursts = often, BurstLength = longest });
    }

    public static Incident Changed(IncidentScene scene)
    {
        var hops = scene.One(2, 3, 4);
        return Directed(scene, VerdictKind.PathChanged, $"{hops - 1} more hops", scene.Between(5_000, 8_000), w => w with { Hops = hops });
    }

    public static Incident Congestion(IncidentScene scene)
    {
        var (load, depth) = (scene.Between(1.05, 2), scene.Between(20, 150));
        var (from, to) = scene.Pair();
        var where = VerdictPlace.Path(from.Name, to.Name);
        // While it fills there is nothing but delay.
        return Of(VerdictKind.PathCongestion, where, $"{load:P0} into {depth}", scene.Between(6_000, 10_000), [scene.World.Fabric.Between(from.Index, to.Index)], w => w with { Load = load, QueueDepth = depth })
            .Forgiven(new Naming(VerdictKind.PathLatency, where), new Naming(VerdictKind.PathJitter, where));
    }

    /// <summary>Where nothing comes back nobody knows in which direction it was lost, until something does again: both directions are as good a name.</summary>
    public static Incident Blackhole(IncidentScene scene) =>
        Directed(scene, VerdictKind.PathBlackhole, "", scene.Between(4_000, 12_000), w => w with { IsCut = true }, isVague: true);

    public static Incident Mtu(IncidentScene scene)
    {
        var mtu = (int)scene.Between(1_300.0, 1_492);
        return Directed(scene, VerdictKind.PathMtu, $"{mtu} bytes", scene.Between(8_000, 12_000), w => w with { Mtu = mtu }, isVague: true);
    }

    public static Incident Reordering(IncidentScene scene)
    {
        var (share, back) = (scene.Between(0.1, 0.4), scene.Between(300, 440));
        var incident = Directed(scene, VerdictKind.PathReordering, $"{share:P0} by up to {back}", scene.Between(8_000, 12_000), w => w with { Reordering = share, HoldBack = back }, isVague: true);
        return incident.Forgiven([.. incident.Right.Select(r => r with { What = VerdictKind.PathJitter })]);
    }

    public static Incident Duplication(IncidentScene scene)
    {
        var share = scene.Between(0.05, 0.5);
        return Directed(scene, VerdictKind.PathDuplication, $"{share:P0}", scene.Between(6_000, 10_000), w => w with { Duplication = share }, isVague: true);
    }

    public static Incident Corruption(IncidentScene scene)
    {
        var share = scene.Between(0.03, 0.2);
        var incident = Directed(scene, VerdictKind.PathCorruption, $"{share:P0}", scene.Between(6_000, 10_000), w => w with { Damage = share }, isVague: true);
        return incident.Forgiven([.. incident.Right.Select(r => r with { What = VerdictKind.PathLoss })]);
    }

    /// <summary>Both ends probe: the bad members take some flows of each, there or back, and which way nobody can know of a flow of which nothing ever returns.</summary>
    public static Incident FlowLoss(IncidentScene scene)
    {
        var (from, to) = scene.Pair();
        var members = scene.One(2, 3, 4, 6, 8);
        var choice = (ulong)scene.Between(0.0, 1 << 16);
        var link = scene.World.Fabric.Between(from.Index, to.Index);
        Incident incident = null!;
        incident = new Incident(VerdictKind.PathFlowLoss, $"{from.Name} -> {to.Name}, bundle of {members}", scene.Between(7_000, 12_000))
        {
            Begin = () => Spoil(incident, link, from, to, members, choice),
            End = () => link.Weather = link.Weather with { BadMembers = 0 },
        };
        return incident;
    }

    private static void Spoil(Incident incident, Link link, Machine from, Machine to, int members, ulong choice)
    {
        link.Weather = link.Weather with { Members = members };
        var (there, back) = (PortsOf(from, to), PortsOf(to, from));
        // Requests of one end and replies to the other go over it.
        var used = there.Select(p => MemberOf(link, p, to.Self.Port)).Concat(back.Select(p => MemberOf(link, from.Self.Port, p))).Distinct().Order().ToList();
        var bad = 0UL;
        for (var i = 0; i < Math.Max(1, members / 3) && BitOperations.PopCount(bad) < used.Count - 1; i++)
        {
            bad |= 1UL << used[(int)((choice + (ulong)(i * 7)) % (ulong)used.Count)];
        }

        link.Weather = link.Weather with { BadMembers = bad };
        HashSet<int> dead = [.. there.Where(p => IsBad(MemberOf(link, p, to.Self.Port))), .. back.Where(p => IsBad(MemberOf(link, from.Self.Port, p)))];
        var ends = VerdictPlace.Pair(from.Name, to.Name);
        incident.Named(new Naming(
            VerdictKind.PathFlowLoss,
            $"some of {ends}, source ports {string.Join(' ', dead.Order())}",
            p => p.Kind == VerdictPlaceKind.Flows && VerdictPlace.Pair(p.First, p.Second).Equals(ends) && p.Flows.Count > 0 && p.Flows.All(dead.Contains)));

        bool IsBad(int member) => ((bad >> member) & 1) != 0;
    }

    private static int MemberOf(Link link, int sourcePort, int targetPort) => link.MemberOf(new Packet { SourcePort = sourcePort, TargetPort = targetPort });

    private static List<int> PortsOf(Machine of, Machine towards) =>
        [.. of.Agent!.Meters.Where(m => m.Peer == towards.Name).SelectMany(m => m.Meter.Totals).Select(t => (int)t.SourcePort)];

    /// <summary>Between two hosts, in one direction or in both.</summary>
    private static Incident Directed(
        IncidentScene scene, VerdictKind kind, string size, Duration length, Func<LinkWeather, LinkWeather> change, bool isVague = false)
    {
        var ((from, to), isBoth) = (scene.Pair(), scene.Coin());
        var fabric = scene.World.Fabric;
        var (there, back) = (fabric.Between(from.Index, to.Index), fabric.Between(to.Index, from.Index));
        var (pair, path) = (VerdictPlace.Pair(from.Name, to.Name), VerdictPlace.Path(from.Name, to.Name));
        var incident = Of(kind, isBoth ? pair : path, size, length, isBoth ? [there, back] : [there], change);
        if (isVague && !isBoth)
        {
            incident.Named(new Naming(kind, pair));
        }
        else if (isBoth)
        {
            // Of two directions one is noticed first.
            incident.Forgiven(new Naming(kind, path), new Naming(kind, VerdictPlace.Path(to.Name, from.Name)));
        }

        return incident;
    }

    private static Incident Of(
        VerdictKind kind, VerdictPlace where, string size, Duration length, IReadOnlyList<Link> links, Func<LinkWeather, LinkWeather> change)
    {
        var (begin, end) = IncidentScene.Change(links, change);
        return new Incident(kind, $"{where} {size}".TrimEnd(), length) { Begin = begin, End = end }.Named(new Naming(kind, where));
    }
}
