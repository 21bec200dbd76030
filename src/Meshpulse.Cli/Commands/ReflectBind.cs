using System.Diagnostics.CodeAnalysis;
using System.Net;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Cli.Commands;

/// <summary>Where a reflector listens.</summary>
/// <param name="Host">An address in canonical form without brackets, a host name, or null for all addresses of both families.</param>
/// <param name="Port">1 to 65535, or 0 for any free port.</param>
/// <param name="IsLiteral">True where <paramref name="Host"/> is an address.</param>
public sealed record ReflectBind(string? Host, int Port, bool IsLiteral)
{
    /// <summary>The port used where none is given: STAMP's own.</summary>
    public const int DefaultPort = StampWire.Port;

    /// <summary>All addresses, port 862.</summary>
    public static ReflectBind Default { get; } = new(null, DefaultPort, false);

    /// <summary>Reads <c>[host][:port]</c>, as <see cref="MetricsBind"/> does.</summary>
    /// <param name="problem">What is wrong, in words that continue "TEXT: "; empty where nothing is.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out ReflectBind? value, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        var port = DefaultPort;
        var wrong = BindText.Read(text, out var host, ref port, out var isLiteral);
        var read = new ReflectBind(host, port, isLiteral);
        problem = wrong ?? read.Obstacle() ?? "";
        value = problem.Length == 0 ? read : null;
        return value is not null;
    }

    /// <summary><c>host:port</c>, with brackets around an IPv6 address and <c>*</c> for all addresses.</summary>
    public override string ToString() => Host is { } host && host.Contains(':') ? $"[{host}]:{Port}" : $"{Host ?? "*"}:{Port}";

    private string? Obstacle()
    {
        if (!IsLiteral)
        {
            return null;
        }

        var address = NodeEndpoint.From(IPAddress.Parse(Host!), Port);
        return address.IsMulticast ? $"{Host} names no single host"
            : address.IsLinkLocalV6 ? $"{Host} is link-local: who asks from there can't be answered without an interface"
            : null;
    }
}
