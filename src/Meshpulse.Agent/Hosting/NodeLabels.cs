using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Hosting;

/// <summary>
/// How nodes are called in tables and labels. The seed calls a node by its address alone; where several nodes share one
/// (several agents on a host), the address would name them all, and Prometheus would refuse two series of the same labels:
/// those nodes are called by address and port.
/// </summary>
internal sealed class NodeLabels
{
    private readonly HashSet<NodeEndpoint> _shared = [];

    public NodeLabels(NodeEndpoint self, IEnumerable<NodeEndpoint> others)
    {
        var seen = new HashSet<NodeEndpoint> { self.WithPort(0) };
        foreach (var other in others)
        {
            var address = other.WithPort(0);
            if (!seen.Add(address))
            {
                _shared.Add(address);
            }
        }
    }

    public string Of(NodeEndpoint node) => _shared.Contains(node.WithPort(0)) ? node.ToString() : node.AddressText;
}
