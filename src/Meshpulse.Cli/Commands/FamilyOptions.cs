using System.CommandLine;
using System.Net.Sockets;

namespace Meshpulse.Cli.Commands;

/// <summary><c>-4</c> and <c>-6</c> of commands that ask one host.</summary>
/// <param name="line">The line with both options.</param>
/// <param name="v4">IPv4 only.</param>
/// <param name="v6">IPv6 only.</param>
internal sealed class FamilyOptions(ParsedLine line, Option<bool> v4, Option<bool> v6)
{
    /// <summary>The only family that will do, InterNetwork or InterNetworkV6; null for both.</summary>
    /// <exception cref="UsageException">Both were given.</exception>
    public AddressFamily? Read() => (line.Has(v4), line.Has(v6)) switch
    {
        (true, true) => throw new UsageException($"{line.Spelling(v4)} and {line.Spelling(v6)}: one of them at most"),
        (true, _) => AddressFamily.InterNetwork,
        (_, true) => AddressFamily.InterNetworkV6,
        _ => null,
    };

    /// <summary>Refuses an address of the other family.</summary>
    /// <param name="text">The host as it was given.</param>
    /// <param name="isV6">The address's family; null for a name.</param>
    /// <param name="family">What <see cref="Read"/> gave.</param>
    /// <exception cref="UsageException">It is of the other one.</exception>
    public void Check(string text, bool? isV6, AddressFamily? family)
    {
        if (family is { } only && isV6 is { } six && six != (only == AddressFamily.InterNetworkV6))
        {
            var (name, option) = only == AddressFamily.InterNetworkV6 ? ("IPv6", v6) : ("IPv4", v4);
            throw new UsageException($"{UsageException.Echo(text)}: not an {name} address, which {line.Spelling(option)} asks for");
        }
    }
}
