using System.Diagnostics.CodeAnalysis;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Config;

/// <summary>
/// Where a server is reached: an address, or a host name that somebody else has to resolve, with a port. Two are equal where
/// they lead to the same place, whether the port was written or is the default.
/// </summary>
public sealed class ServerAddress : IEquatable<ServerAddress>
{
    internal ServerAddress(string host, IpFamily family, NodeEndpoint? literal, int port, bool hasOwnPort) =>
        (Host, Family, Literal, Port, HasOwnPort) = (host, family, literal, port, hasOwnPort);

    /// <summary>
    /// The address alone in its canonical form, without brackets, prefix and port, or the host name in lower case: what the
    /// report prints behind <c>ip:</c> for an address.
    /// </summary>
    public string Host { get; }

    /// <summary>Which addresses a host name may be resolved to. For an address, its own family.</summary>
    public IpFamily Family { get; }

    /// <summary>The address with its port; null for a host name.</summary>
    public NodeEndpoint? Literal { get; }

    /// <summary>The port, 1 to 65535: the one that was written, or else the default that was given to the reader.</summary>
    public int Port { get; }

    /// <summary>True where the port was written with the address.</summary>
    public bool HasOwnPort { get; }

    /// <summary>
    /// Reads <c>192.0.2.7</c>, <c>192.0.2.7:4777</c>, <c>2001:db8::7</c>, <c>[2001:db8::7]</c>, <c>[2001:db8::7]:4777</c>, <c>name</c>
    /// and <c>name:4777</c>, each with or without <c>v4:</c> or <c>v6:</c> before it. Addresses that name no single host are refused.
    /// </summary>
    /// <param name="defaultPort">The port where none is written, 1 to 65535.</param>
    /// <param name="problem">What is wrong, in words that follow the text; empty where nothing is.</param>
    public static bool TryParse(string text, int defaultPort, [NotNullWhen(true)] out ServerAddress? value, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(defaultPort, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(defaultPort, ushort.MaxValue);
        problem = AddressText.Read(text, defaultPort, out value) ?? (value is null ? "is no address" : AddressText.FaultAsHost(value)) ?? "";
        value = problem.Length == 0 ? value : null;
        return value is not null;
    }

    /// <summary>The same with another port.</summary>
    /// <param name="port">1 to 65535.</param>
    public ServerAddress WithPort(int port) => new(Host, Family, Literal?.WithPort(port), port, hasOwnPort: true);

    /// <inheritdoc />
    public bool Equals(ServerAddress? other) => other is not null && (Host, Family, Port) == (other.Host, other.Family, other.Port);

    /// <inheritdoc />
    public override bool Equals(object? obj) => Equals(obj as ServerAddress);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Host, Family, Port);

    /// <summary><c>192.0.2.7:4232</c>, <c>[2001:db8::7]:4232</c>, <c>name:4232</c>.</summary>
    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
