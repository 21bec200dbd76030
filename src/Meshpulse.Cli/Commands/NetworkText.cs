using Meshpulse.Wire.Primitives;

namespace Meshpulse.Cli.Commands;

/// <summary>Networks of a command line.</summary>
internal static class NetworkText
{
    /// <summary>Reads <c>192.0.2.0/24</c>, <c>2001:db8::/32</c> or an address alone.</summary>
    /// <param name="spelling">The option, for the message.</param>
    /// <param name="text">Its value.</param>
    /// <exception cref="UsageException">It is no network.</exception>
    // The address is read by our rules first: the network's own reader takes 10.1 for 10.0.0.1.
    public static AddressNetwork Read(string spelling, string text) =>
        HostText.IsAddress(text.Split('/')[0]) && AddressNetwork.TryParse(text, out var network)
            ? network
            : throw new UsageException($"{spelling} {UsageException.Echo(text)}: not a network; it is written as in 192.0.2.0/24 or 2001:db8::/32");
}
