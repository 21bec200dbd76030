using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Sim.Fabric;

/// <summary>
/// The network of a world: every host has a link out and one in, every ordered pair of datacenters a trunk, every ordered pair of hosts a stretch of
/// its own. A fault of one of them hits exactly whose packets go over it.
/// </summary>
public sealed class FabricPlan
{
    private readonly Link[] _out;
    private readonly Link[] _in;
    private readonly Link[,] _between;
    private readonly Dictionary<(string From, string To), Link> _trunks = [];
    private readonly Route[,] _routes;

    /// <summary>A network in fair weather.</summary>
    /// <param name="datacenters">The datacenter of each host; null where it has none.</param>
    /// <param name="random">Of the delays, and of what the links do.</param>
    public FabricPlan(IReadOnlyList<string?> datacenters, SplitMix64 random)
    {
        var count = datacenters.Count;
        (_out, _in, _between, _routes) = (new Link[count], new Link[count], new Link[count, count], new Route[count, count]);
        for (var i = 0; i < count; i++)
        {
            _out[i] = NewLink(random, Near(random));
            _in[i] = NewLink(random, Near(random));
        }

        for (var from = 0; from < count; from++)
        {
            for (var to = 0; to < count; to++)
            {
                if (from != to)
                {
                    _between[from, to] = NewLink(random, new LinkWeather());
                    _routes[from, to] = NewRoute(from, to, datacenters, random);
                }
            }
        }
    }

    /// <summary>The way from one host to another.</summary>
    public Route RouteOf(int from, int to) => _routes[from, to];

    /// <summary>A host's own link, away from it.</summary>
    public Link Out(int host) => _out[host];

    /// <summary>A host's own link, towards it.</summary>
    public Link In(int host) => _in[host];

    /// <summary>What lies between two hosts alone, in one direction.</summary>
    public Link Between(int from, int to) => _between[from, to];

    /// <summary>The trunk between two datacenters, in one direction.</summary>
    public Link Trunk(string from, string to) => _trunks[(from, to)];

    private static Link NewLink(SplitMix64 random, LinkWeather weather) => new(random, random.Next()) { Weather = weather };

    /// <summary>Some tens of microseconds, as within a hall.</summary>
    private static LinkWeather Near(SplitMix64 random) =>
        new() { Delay = Duration.FromMicroseconds(20 + random.Below(60)), Jitter = Duration.FromMicroseconds(20) };

    /// <summary>Both directions of a trunk have nearly the same length.</summary>
    private Route NewRoute(int from, int to, IReadOnlyList<string?> datacenters, SplitMix64 random)
    {
        if (datacenters[from] is not { } there || datacenters[to] is not { } other || there == other)
        {
            return new Route([_out[from], _between[from, to], _in[to]]);
        }

        if (!_trunks.TryGetValue((there, other), out var trunk))
        {
            var delay = Duration.FromMicroseconds(300 + random.Below(4_000));
            var weather = new LinkWeather { Delay = delay, Jitter = Duration.FromMicroseconds(50), Hops = 4 };
            _trunks.Add((there, other), trunk = NewLink(random, weather));
            _trunks.Add((other, there), NewLink(random, weather with { Delay = delay + Duration.FromMicroseconds(random.Below(200)) }));
        }

        return new Route([_out[from], trunk, _between[from, to], _in[to]]);
    }
}
