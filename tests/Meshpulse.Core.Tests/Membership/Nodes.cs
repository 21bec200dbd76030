using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Tests.Membership;

/// <summary>Addresses, times and connections for tests.</summary>
internal static class Nodes
{
    /// <summary>The identity of the node that is tested: between <c>Of</c>'s addresses and those of 11.0.0.0/8.</summary>
    public static readonly NodeEndpoint Self = NodeEndpoint.FromBytes([10, 128, 0, 1], 12222);

    public static MeshOptions Options => new() { Self = Self };

    /// <summary>One of the nodes below 10.128.0.0: lower than <see cref="Self"/>.</summary>
    public static NodeEndpoint Of(int number, int port = 12222) =>
        NodeEndpoint.FromBytes([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number], port);

    /// <summary>One of the nodes of 11.0.0.0/8: higher than <see cref="Self"/>.</summary>
    public static NodeEndpoint Higher(int number) =>
        NodeEndpoint.FromBytes([11, (byte)(number >> 16), (byte)(number >> 8), (byte)number], 12222);

    public static MonoTime At(double seconds) => new((long)(seconds * 1e9));

    /// <summary>A heartbeat came on a connection.</summary>
    public static void Hear(this MeshConnection connection, MonoTime at) =>
        connection.Arrivals.Take(new ReadMoment(at, at, new WallTime(at.Nanoseconds), StampSource.Kernel), 0, isLast: true, isAlone: true);
}
