using System.Net;

namespace Meshpulse.Agent.Fetching;

/// <summary>Where a URL's host can be reached.</summary>
internal static class TargetAddresses
{
    // A name may have thousands of addresses, and each that refuses would get a SYN from us.
    private const int Max = 8;

    /// <summary>The address that stands in the URL; null where it has a name.</summary>
    public static IPAddress? Literal(Uri url) =>
        url.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 && IPAddress.TryParse(url.IdnHost, out var address) ? Plain(address) : null;

    /// <summary>
    /// The first eight addresses of a name in the resolver's order. The system's resolver blocks a thread of the pool and hears no
    /// cancellation, so it is left behind; the token keeps further look-ups of the name, which wait for that one, from starting after all.
    /// </summary>
    /// <exception cref="System.Net.Sockets.SocketException">The name has no address, or no name server answered.</exception>
    /// <exception cref="OperationCanceledException">Given up.</exception>
    public static async Task<IReadOnlyList<IPAddress>> ResolveAsync(string name, FetchSurroundings surroundings, CancellationToken stop)
    {
        var addresses = await surroundings.ResolveAsync(name, stop).WaitAsync(stop);
        return addresses.Length > 0
            ? [.. addresses.Select(Plain).Distinct().Take(Max)]
            : throw new FetchFailedException("cannot resolve the name: it has no address");
    }

    /// <summary>An IPv4 address in IPv6's clothes is reached, and marked, as what it is.</summary>
    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
