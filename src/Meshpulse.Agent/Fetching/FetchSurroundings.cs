using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Meshpulse.Agent.Fetching;

/// <summary>What of the world around it a fetcher uses; tests put others in place.</summary>
internal sealed record FetchSurroundings
{
    /// <summary>Looks a name up; the addresses in the resolver's order.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> ResolveAsync { get; init; } = static (name, stop) => Dns.GetHostAddressesAsync(name, stop);

    /// <summary>The roots that are trusted in place of the system's; null for the system's.</summary>
    public X509Certificate2Collection? Roots { get; init; }

    /// <summary>Rings when a timeout has passed. Figures are never taken from it.</summary>
    public TimeProvider Alarms { get; init; } = TimeProvider.System;
}
