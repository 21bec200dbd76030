using System.Diagnostics.CodeAnalysis;
using System.Net;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Cli.Commands;

/// <summary>An address or a host name with a port, checked in form only: whether a name resolves shows later.</summary>
/// <param name="Host">An IPv4 or IPv6 address in canonical form, without brackets, or a host name in lower case.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="IsLiteral">True where <paramref name="Host"/> is an address.</param>
public sealed record HostPort(string Host, int Port, bool IsLiteral)
{
    /// <summary>The port of the mesh, used where none is given.</summary>
    public const int DefaultPort = 12222;

    /// <summary>
    /// Reads <c>192.0.2.7</c>, <c>192.0.2.7:12222</c>, <c>[2001:db8::7]</c>, <c>[2001:db8::7]:12222</c>, <c>2001:db8::7</c>,
    /// <c>name</c> and <c>name:12222</c>.
    /// </summary>
    /// <param name="problem">What is wrong, in words that continue "TEXT: "; empty where nothing is.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out HostPort? value, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = null;
        var port = DefaultPort;
        var wrong = HostText.Read(text, 1, out var host, ref port, out var isLiteral);
        problem = wrong ?? "";
        if (wrong is not null)
        {
            return false;
        }

        value = new HostPort(host, port, isLiteral);
        return true;
    }

    /// <summary>The same as an identity; null for a host name.</summary>
    public NodeEndpoint? ToEndpoint() => IsLiteral ? NodeEndpoint.From(IPAddress.Parse(Host), Port) : null;

    /// <summary><c>host:port</c>, with brackets around an IPv6 address.</summary>
    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
