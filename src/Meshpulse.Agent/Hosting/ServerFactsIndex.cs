using Meshpulse.Agent.Api;
using Meshpulse.Core.Config;

namespace Meshpulse.Agent.Hosting;

/// <summary>Finds the servers of a configuration by their addresses; built anew when the file in force is another. Safe from any thread.</summary>
internal sealed class ServerFactsIndex
{
    private (Landscape? Of, Dictionary<string, NodeFacts?> Facts) _index = (null, []);
    private readonly Lock _lock = new();

    /// <summary>What the file says of a node; null where no server has that address, or several do.</summary>
    public NodeFacts? Of(Landscape landscape, string node)
    {
        lock (_lock)
        {
            if (!ReferenceEquals(_index.Of, landscape))
            {
                _index = (landscape, IndexOf(landscape));
            }

            return _index.Facts.GetValueOrDefault(node);
        }
    }

    private static Dictionary<string, NodeFacts?> IndexOf(Landscape landscape)
    {
        var facts = new Dictionary<string, NodeFacts?>(StringComparer.Ordinal);
        foreach (var server in landscape.Servers)
        {
            if (server.Address.Literal is { } address && !facts.TryAdd(address.AddressText, new NodeFacts(server.Name, server.Datacenter, server.Groups)))
            {
                facts[address.AddressText] = null;
            }
        }

        return facts;
    }
}
