using Meshpulse.Sim.Fabric;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Sim.Machines;

/// <summary>One end of a TCP connection as its process has it.</summary>
internal sealed record TcpSeat(TcpEnd End, TcpEnd Other, NodeEndpoint Local, NodeEndpoint Remote);
