using Meshpulse.Wire.Primitives;

namespace Meshpulse.Sim.Network;

/// <summary>A host that the network tells of datagrams: one that probes, or one that reflects.</summary>
public interface ISimDatagramHost
{
    /// <summary>A datagram arrived at an endpoint that the host has bound.</summary>
    void Arrived(SimDatagram datagram);

    /// <summary>The network says that nobody listens where a datagram of the host's went.</summary>
    void Unreachable(NodeEndpoint local, NodeEndpoint remote);
}
