using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Config;

/// <summary>
/// The form of addresses as people write them, in files and on command lines. .NET's own reader is not asked first, because it takes
/// <c>1</c> for 0.0.0.1 and <c>010.0.0.1</c> for 8.0.0.1. Methods return what is wrong, or null. Whether an address can name a host is
/// not looked at.
/// </summary>
public static class AddressForm
{
    private const int LongestHostName = 253;
    private const int LongestLabel = 63;

    /// <summary>Splits <c>host</c>, <c>host:port</c>, <c>[v6]</c>, <c>[v6]:port</c> and bare <c>v6</c>; says nothing yet about the parts.</summary>
    /// <param name="host">The part before the port, without brackets.</param>
    /// <param name="port">The part behind the colon, perhaps empty; null where there is no colon.</param>
    public static AddressFault? Split(string text, out string host, out string? port)
    {
        ArgumentNullException.ThrowIfNull(text);
        (host, port) = (text, null);
        if (text.StartsWith('['))
            return SplitBracketed(text, out host, out port);
        var colon = text.IndexOf(':');
        if (colon >= 0 && colon == text.LastIndexOf(':'))
            (host, port) = (text[..colon], text[(colon + 1)..]);
        return null;
    }

    /// <summary>Reads a port from <paramref name="lowest"/> to 65535.</summary>
    public static AddressFault? ReadPort(string text, int lowest, out int port)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port >= lowest && port <= ushort.MaxValue)
            return null;
        return text.Length == 0 ? AddressFault.PortMissing : AddressFault.Port;
    }

    /// <summary>Reads an address or a host name, without brackets and port.</summary>
    /// <param name="host">The address in its canonical form, or the name in lower case.</param>
    /// <param name="literal">The address with port 0; null for a host name.</param>
    public static AddressFault? ReadHost(string text, out string host, out NodeEndpoint? literal)
    {
        ArgumentNullException.ThrowIfNull(text);
        (host, literal) = (text, null);
        if (text.Length == 0)
            return AddressFault.HostMissing;
        if (text.Contains('%'))
            return AddressFault.Interface;
        if (text.Contains(':'))
            return ReadV6(text, out host, out literal);

        // A name whose last part is a number would be taken for an address by some resolvers (RFC 3696 section 2).
        var labels = text.TrimEnd('.');
        if (labels[(labels.LastIndexOf('.') + 1)..].All(char.IsAsciiDigit))
            return ReadV4(text, out literal);
        host = text.ToLowerInvariant();
        return IsName(text) ? null : AddressFault.Name;
    }

    private static AddressFault? SplitBracketed(string text, out string host, out string? port)
    {
        (host, port) = (text, null);
        var end = text.IndexOf(']');
        if (end < 0)
            return AddressFault.BracketOpen;
        host = text[1..end];
        var rest = text[(end + 1)..];
        port = rest.Length > 0 ? rest[1..] : null;
        return host.Contains(':') && rest is [] or [':', ..] ? null : AddressFault.Brackets;
    }

    private static AddressFault? ReadV4(string text, out NodeEndpoint? literal)
    {
        literal = null;
        var parts = text.Split('.');
        var bytes = new byte[4];
        var sound = parts.Length == bytes.Length;
        for (var i = 0; i < bytes.Length && sound; i++)
            sound = (parts[i].Length == 1 || !parts[i].StartsWith('0')) && byte.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out bytes[i]);
        if (!sound)
            return AddressFault.V4;
        literal = NodeEndpoint.FromBytes(bytes, 0);
        return null;
    }

    private static AddressFault? ReadV6(string text, out string host, out NodeEndpoint? literal)
    {
        (host, literal) = (text, null);
        if (!text.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.')
            || !IPAddress.TryParse(text, out var address)
            || address.AddressFamily != AddressFamily.InterNetworkV6)
            return AddressFault.V6;
        literal = NodeEndpoint.From(address, 0);
        host = literal.Value.AddressText;
        return null;
    }

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
