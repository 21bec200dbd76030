using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Probing.Paths;

/// <summary>
/// What paths share a socket, and thereby a source port: the n-th flow of all paths of one family, address and code point. A thousand
/// paths of eight flows have eight sockets. Two paths to one endpoint would not know their replies apart: the second one goes by the next
/// lane.
/// </summary>
/// <param name="Local">The address that it is bound to, with port 0; an unspecified one of the family leaves it to the route.</param>
/// <param name="Dscp">Differentiated services code point, 0 to 63.</param>
/// <param name="Flow">From 0.</param>
/// <param name="Lane">0, and up for further paths to the same endpoint.</param>
/// <param name="IsWhole">Packets must not be fragmented, here or on the way, whatever the kernel believes of the path.</param>
public readonly record struct PathChannel(NodeEndpoint Local, int Dscp, int Flow, int Lane, bool IsWhole);
