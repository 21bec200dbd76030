using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Sim.Fabric;
using Meshpulse.Sim.Machines;

namespace Meshpulse.Sim.Incidents;

/// <summary>A world in which an incident is to be set, and the chance by which it is drawn.</summary>
/// <param name="world">The world, not begun yet.</param>
/// <param name="random">Of the incident alone.</param>
/// <param name="taken">The machines that have their part in something else already; null for none.</param>
public sealed class IncidentScene(World world, SplitMix64 random, IReadOnlySet<Machine>? taken = null)
{
    private readonly List<Machine> _free = [.. world.Machines.Where(m => taken?.Contains(m) != true)];
    private readonly HashSet<Machine> _places = [];

    /// <summary>The world.</summary>
    public World World => world;

    /// <summary>The machines that what was drawn happens to.</summary>
    public IReadOnlySet<Machine> Places => _places;

    /// <summary>A machine, any.</summary>
    public Machine Machine() => Place(_free[random.Below(_free.Count)]);

    /// <summary>Two machines.</summary>
    public (Machine From, Machine To) Pair()
    {
        var from = random.Below(_free.Count);
        var to = (from + 1 + random.Below(_free.Count - 1)) % _free.Count;
        return (Place(_free[from]), Place(_free[to]));
    }

    /// <summary>Two datacenters, in any order; there have to be two.</summary>
    public (string From, string To) Datacenters()
    {
        var all = FreeDatacenters();
        var from = random.Below(all.Count);
        return (Place(all[from]), Place(all[(from + 1 + random.Below(all.Count - 1)) % all.Count]));
    }

    /// <summary>A datacenter; there has to be one.</summary>
    public string Datacenter()
    {
        var all = FreeDatacenters();
        var which = all[random.Below(all.Count)];
        // Of two that could have been drawn: seeds mean what they always have.
        _ = random.Below(Math.Max(1, all.Count - 1));
        return Place(which);
    }

    /// <summary>Two parts of the machines, each of two at least.</summary>
    public (List<Machine> One, List<Machine> Other) Parts()
    {
        var order = world.Machines.OrderBy(_ => random.Next()).ToList();
        _places.UnionWith(order);
        var size = 2 + random.Below(Math.Max(1, order.Count - 3));
        return (order[..size], order[size..]);
    }

    /// <summary>True or false.</summary>
    public bool Coin() => random.Below(2) == 0;

    /// <summary>One of some.</summary>
    public T One<T>(params ReadOnlySpan<T> of) => of[random.Below(of.Length)];

    /// <summary>A span in milliseconds.</summary>
    public Duration Between(int least, int most) => Duration.FromMilliseconds(least + random.Below(most - least + 1));

    /// <summary>A number.</summary>
    public double Between(double least, double most) => least + ((most - least) * random.NextDouble());

    /// <summary>Changes what links do, for as long as an incident lasts.</summary>
    /// <returns>What begins it, and what ends it.</returns>
    public static (Action Begin, Action End) Change(IReadOnlyList<Link> links, Func<LinkWeather, LinkWeather> change)
    {
        var before = new LinkWeather[links.Count];
        return (Begin, End);

        void Begin()
        {
            for (var i = 0; i < before.Length; i++)
            {
                before[i] = links[i].Weather;
                links[i].Weather = change(before[i]);
            }
        }

        void End()
        {
            for (var i = 0; i < before.Length; i++)
            {
                links[i].Weather = before[i];
            }
        }
    }

    private List<string> FreeDatacenters() =>
        [.. world.Machines.Select(m => m.Datacenter).OfType<string>().Distinct().Where(d => world.Machines.All(m => m.Datacenter != d || _free.Contains(m)))];

    private Machine Place(Machine machine)
    {
        _places.Add(machine);
        return machine;
    }

    private string Place(string datacenter)
    {
        _places.UnionWith(world.Machines.Where(m => m.Datacenter == datacenter));
        return datacenter;
    }
}
