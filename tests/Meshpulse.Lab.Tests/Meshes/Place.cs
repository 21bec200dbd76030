using System.Net;
using Meshpulse.Lab.Networks;

namespace Meshpulse.Lab.Meshes;

/// <summary>Where a node lives.</summary>
/// <param name="Identity">Its address and port in the mesh.</param>
/// <param name="Metrics">Where it serves its metrics.</param>
/// <param name="Network">Its network; null for ours.</param>
internal sealed record Place(IPEndPoint Identity, IPEndPoint Metrics, NetworkNamespace? Network = null)
{
    /// <summary>The port of the mesh where each node has an address of its own.</summary>
    public const int Port = 12222;

    private const int MetricsPort = 12223;

    /// <summary>Addresses of the loopback network, which on Linux is all of 127.0.0.0/8: no two runs have the same.</summary>
    public static IReadOnlyList<Place> OnLoopback(int count)
    {
        var network = $"127.{Random.Shared.Next(16, 250)}.{Random.Shared.Next(1, 250)}";
        return [.. Enumerable.Range(1, count)
            .Select(number => IPAddress.Parse($"{network}.{number}"))
            .Select(address => new Place(new IPEndPoint(address, Port), new IPEndPoint(address, MetricsPort)))];
    }

    /// <summary>Ports of [::1], the one loopback address of IPv6.</summary>
    public static IReadOnlyList<Place> OnLoopbackV6(int count)
    {
        Assert.SkipUnless(System.Net.Sockets.Socket.OSSupportsIPv6, "there is no IPv6 here");

        return [.. Enumerable.Range(0, count)
            .Select(_ => new Place(new IPEndPoint(IPAddress.IPv6Loopback, Ports.Next()), new IPEndPoint(IPAddress.IPv6Loopback, Ports.Next())))];
    }

    /// <summary>The hosts of a lab.</summary>
    public static IReadOnlyList<Place> On(NetworkLab lab, bool v6 = false) => On(lab.Hosts, v6);

    /// <summary>These hosts.</summary>
    public static IReadOnlyList<Place> On(IEnumerable<LabHost> hosts, bool v6 = false) =>
        [.. hosts.Select(host => new Place(new IPEndPoint(v6 ? host.V6 : host.V4, Port), new IPEndPoint(IPAddress.Loopback, MetricsPort), host.Network))];
}
