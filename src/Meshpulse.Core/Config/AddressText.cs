using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Config;

/// <summary>
/// Reads addresses as people write them in the file. .NET's own reader is not asked first, because it takes <c>1</c> for 0.0.0.1
/// and <c>010.0.0.1</c> for 8.0.0.1. Methods return what is wrong, in words that follow the text, or null.
/// </summary>
internal static class AddressText
{
    private const int LongestHostName = 253;
    private const int LongestLabel = 63;

    /// <summary>Reads the form; whether the address can name a host is for <see cref="FaultAsHost"/> to say.</summary>
    public static string? Read(string text, int defaultPort, out ServerAddress? address)
    {
        address = null;
        var family = text switch
        {
            ['v', '4', ':', ..] => IpFamily.V4,
            ['v', '6', ':', ..] => IpFamily.V6,
            _ => IpFamily.Any,
        };
        var port = defaultPort;
        NodeEndpoint? literal = null;
        var fault = Split(family == IpFamily.Any ? text : text[3..], out var host, out var portText)
            ?? ReadHost(host, out host, out literal)
            ?? (portText is null ? null : ReadPort(portText, out port))
            ?? FaultInFamily(family, literal);
        if (fault is not null)
            return fault;
        var own = literal is not { } ip ? family : ip.IsV6 ? IpFamily.V6 : IpFamily.V4;
        address = new ServerAddress(host, own, literal?.WithPort(port), port, portText is not null);
        return null;
    }

    /// <summary>What keeps an address from naming one host that can be sent to.</summary>
    public static string? FaultAsHost(ServerAddress address) => address.Literal switch
    {
        { IsUnspecified: true } => "names no host",
        { IsMulticast: true } => "names no single host",
        { IsLinkLocalV6: true } => "is link-local: it means nothing without an interface; give another address of the server",
        _ => null,
    };

    private static string? Split(string text, out string host, out string? port)
    {
        (host, port) = (text, null);
        if (text.StartsWith('['))
            return SplitBracketed(text, out host, out port);
        var colon = text.IndexOf(':');
        if (colon >= 0 && colon == text.LastIndexOf(':'))
            (host, port) = (text[..colon], text[(colon + 1)..]);
        return null;
    }

    private static string? SplitBracketed(string text, out string host, out string? port)
    {
        (host, port) = (text, null);
        var end = text.IndexOf(']');
        if (end < 0)
            return "lacks its closing bracket; an IPv6 address with a port is written [ADDRESS]:PORT";
        host = text[1..end];
        var rest = text[(end + 1)..];
        port = rest.Length > 0 ? rest[1..] : null;
        return host.Contains(':') && rest is [] or [':', ..]
            ? null
            : "has brackets in the wrong place; they are for IPv6: [ADDRESS] or [ADDRESS]:PORT";
    }

    private static string? ReadPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= ushort.MaxValue
            ? null
            : text.Length == 0 ? "lacks the port behind the colon" : $"has the port {ConfigText.Quote(text)}; a port is a number from 1 to 65535";

    private static string? ReadHost(string text, out string host, out NodeEndpoint? literal)
    {
        (host, literal) = (text, null);
        if (text.Length == 0)
            return "has no address in it";
        if (text.Contains('%'))
            return "names an interface (%), which can't be used; give another address of the server";
        if (text.Contains(':'))
            return ReadV6(text, out host, out literal);

        // A name whose last part is a number would be taken for an address by some resolvers (RFC 3696 section 2).
        var labels = text.TrimEnd('.');
        var lastLabel = labels[(labels.LastIndexOf('.') + 1)..];
        if (lastLabel.All(char.IsAsciiDigit))
            return ReadV4(text, out literal);
        host = text.ToLowerInvariant();
        return IsName(text) ? null : "is neither an address, as in 192.0.2.7 or [2001:db8::7]:4232, nor a host name";
    }

    private static string? ReadV4(string text, out NodeEndpoint? literal)
    {
        literal = null;
        var parts = text.Split('.');
        var bytes = new byte[4];
        var sound = parts.Length == bytes.Length;
        for (var i = 0; i < bytes.Length && sound; i++)
            sound = (parts[i].Length == 1 || !parts[i].StartsWith('0')) && byte.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out bytes[i]);
        if (!sound)
            return "is no IPv4 address; it has four numbers from 0 to 255, as in 192.0.2.7";
        literal = NodeEndpoint.FromBytes(bytes, 0);
        return null;
    }

    private static string? ReadV6(string text, out string host, out NodeEndpoint? literal)
    {
        (host, literal) = (text, null);
        if (!text.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.')
            || !IPAddress.TryParse(text, out var address)
            || address.AddressFamily != AddressFamily.InterNetworkV6)
            return "is no IPv6 address; with a port it is written [ADDRESS]:PORT";
        literal = NodeEndpoint.From(address, 0);
        host = literal.Value.AddressText;
        return null;
    }

    private static string? FaultInFamily(IpFamily family, NodeEndpoint? literal) => (family, literal) switch
    {
        (IpFamily.V4, { IsV6: true }) => "is an IPv6 address behind v4:; write v6: or nothing",
        (IpFamily.V6, { IsV6: false }) => "is an IPv4 address behind v6:; write v4: or nothing",
        _ => null,
    };

    // RFC 1123 section 2.1, and the underscore, which names of containers and services have.
    private static bool IsName(string text)
    {
        var name = text.EndsWith('.') ? text[..^1] : text;
        return name.Length is > 0 and <= LongestHostName && Array.TrueForAll(name.Split('.'), label =>
            label.Length is > 0 and <= LongestLabel
            && label[0] != '-'
            && label[^1] != '-'
            && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));
    }
}
