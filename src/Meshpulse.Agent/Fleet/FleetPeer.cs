using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Fleet;

/// <summary>A node that may be asked for its slices.</summary>
/// <param name="Name">How it is called, by itself as well.</param>
/// <param name="Node">Its identity in the mesh; it is asked at this address.</param>
public sealed record FleetPeer(string Name, NodeEndpoint Node);
