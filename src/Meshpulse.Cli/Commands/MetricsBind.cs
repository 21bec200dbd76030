using System.Diagnostics.CodeAnalysis;

namespace Meshpulse.Cli.Commands;

/// <summary>Where the metrics are served.</summary>
/// <param name="Host">An address in canonical form without brackets, a host name, or null for all interfaces.</param>
/// <param name="Port">1 to 65535, or 0 for any free port.</param>
/// <param name="IsLiteral">True where <paramref name="Host"/> is an address.</param>
public sealed record MetricsBind(string? Host, int Port, bool IsLiteral)
{
    /// <summary>The port used where none is given.</summary>
    public const int DefaultPort = 12223;

    /// <summary>All interfaces, port 12223.</summary>
    public static MetricsBind Default { get; } = new(null, DefaultPort, false);

    /// <summary>
    /// Reads <c>[host][:port]</c>. A number alone is a port, a name or an address alone has the default port, <c>:9</c> is
    /// port 9 on all interfaces, <c>::9</c> is an IPv6 address.
    /// </summary>
    /// <param name="problem">What is wrong, in words that continue "TEXT: "; empty where nothing is.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out MetricsBind? value, out string problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = null;
        var wrong = Read(text, out var read);
        problem = wrong ?? "";
        if (wrong is not null)
        {
            return false;
        }

        value = read;
        return true;
    }

    /// <summary><c>host:port</c>, with brackets around an IPv6 address and <c>*</c> for all interfaces.</summary>
    public override string ToString() => Host is { } host && host.Contains(':') ? $"[{host}]:{Port}" : $"{Host ?? "*"}:{Port}";

    private static string? Read(string text, out MetricsBind value)
    {
        var port = DefaultPort;
        var wrong = BindText.Read(text, out var host, ref port, out var isLiteral);
        value = new MetricsBind(host, port, isLiteral);
        return wrong;
    }
}
