using System.Net;
using System.Net.Sockets;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Discovery;

/// <summary>
/// Looks host names up away from the probing thread. A dead resolver costs the call that waits for it and nothing else: each
/// look-up ends after five seconds, answered or not.
/// </summary>
internal static class NameResolver
{
    private const int MaxAddresses = 16;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>The addresses of a name in the resolver's order, those of one family only; none where it has none.</summary>
    public static Task<IReadOnlyList<NodeEndpoint>> ResolveAsync(string host, bool v6) =>
        ResolveAsync(host, v6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork);

    /// <summary>The same of a family, or of both where it is unspecified.</summary>
    public static async Task<IReadOnlyList<NodeEndpoint>> ResolveAsync(string host, AddressFamily family)
    {
        try
        {
            // The look-up itself can't be cancelled where the system's resolver blocks: so the wait is.
            var addresses = await Dns.GetHostAddressesAsync(host, family).WaitAsync(s_patience);
            return [.. addresses.Take(MaxAddresses).Select(a => NodeEndpoint.From(a, 0))];
        }
        catch (Exception e) when (e is SocketException or TimeoutException or ArgumentException)
        {
            return [];
        }
    }
}
