using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Cli.Commands;

/// <summary>
/// Reads hosts and ports as people write them. .NET's own reader is not asked first, because it takes <c>1</c> for
/// 0.0.0.1 and <c>010.0.0.1</c> for 8.0.0.1. Methods return what is wrong, or null.
/// </summary>
internal static class HostText
{
    private const int LongestName = 253;
    private const int LongestLabel = 63;

    /// <summary>Splits <c>host</c>, <c>host:port</c>, <c>[v6]</c>, <c>[v6]:port</c> and bare <c>v6</c>; says nothing yet about the parts.</summary>
    public static string? Split(string text, out string host, out string? port)
    {
        (host, port) = (text, null);
        if (text.StartsWith('['))
        {
            return SplitBracketed(text, out host, out port);
        }

        var colon = text.IndexOf(':');
        if (colon >= 0 && colon == text.LastIndexOf(':'))
        {
            (host, port) = (text[..colon], text[(colon + 1)..]);
        }

        return null;
    }

    /// <summary>Reads a port from <paramref name="lowest"/> to 65535.</summary>
    public static string? ReadPort(string text, int lowest, out int port)
    {
        var good = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port >= lowest && port <= ushort.MaxValue;
        if (good)
        {
            return null;
        }

        return text.Length == 0 ? "the port is missing after the colon" : $"port {UsageException.Echo(text)} is not a number from {lowest} to 65535";
    }

    /// <summary>Reads an address, in its canonical form then, or a host name, in lower case then.</summary>
    public static string? ReadHost(string text, out string host, out bool isLiteral)
    {
        (host, isLiteral) = (text, true);
        if (text.Length == 0)
        {
            return "the address is missing";
        }

        if (text.Contains('%'))
        {
            return "an address with an interface (%) can't be used: heartbeats carry addresses only";
        }

        if (text.Contains(':'))
        {
            return ReadV6(text, out host);
        }

        // A name whose last part is a number would be taken for an address by some resolvers (RFC 3696, section 2).
        var name = text.TrimEnd('.');
        if (name[(name.LastIndexOf('.') + 1)..].All(char.IsAsciiDigit))
        {
            return IsV4(text) ? null : "not an IPv4 address; it has four numbers from 0 to 255, as in 192.0.2.7";
        }

        isLiteral = false;
        host = text.ToLowerInvariant();
        return IsName(text) ? null : "neither an address nor a host name";
    }

    private static string? SplitBracketed(string text, out string host, out string? port)
    {
        (host, port) = (text, null);
        var end = text.IndexOf(']');
        if (end < 0)
        {
            return "the closing bracket is missing; an IPv6 address with a port is written [ADDRESS]:PORT";
        }

        host = text[1..end];
        var rest = text[(end + 1)..];
        if (!host.Contains(':') || (rest.Length > 0 && rest[0] != ':'))
        {
            return "brackets are for an IPv6 address: [ADDRESS] or [ADDRESS]:PORT";
        }

        port = rest.Length > 0 ? rest[1..] : null;
        return null;
    }

    private static string? ReadV6(string text, out string host)
    {
        host = text;
        if (!text.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.')
            || !IPAddress.TryParse(text, out var address)
            || address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return "not an IPv6 address; with a port it is written [ADDRESS]:PORT";
        }

        host = NodeEndpoint.From(address, 0).AddressText;
        return null;
    }

    private static bool IsV4(string text)
    {
        var parts = text.Split('.');
        return parts.Length == 4 && Array.TrueForAll(parts, part =>
            part.Length is > 0 and < 4
            && (part.Length == 1 || part[0] != '0')
            && int.Parse(part, NumberStyles.None, CultureInfo.InvariantCulture) <= 255);
    }

    // RFC 1123, section 2.1, and the underscore, which names of containers and services have.
    private static bool IsName(string text)
    {
        var name = text.EndsWith('.') ? text[..^1] : text;
        return name.Length is > 0 and <= LongestName && Array.TrueForAll(name.Split('.'), label =>
            label.Length is > 0 and <= LongestLabel
            && label[0] != '-'
            && label[^1] != '-'
            && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));
    }
}
