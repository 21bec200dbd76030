using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Config;

/// <summary>Reads the addresses of the file. Methods return what is wrong, in words that follow the text, or null.</summary>
internal static class AddressText
{
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
        var fault = AddressForm.Split(family == IpFamily.Any ? text : text[3..], out var host, out var portText)
            ?? AddressForm.ReadHost(host, out host, out literal)
            ?? (portText is null ? null : AddressForm.ReadPort(portText, 1, out port));
        var words = fault is { } form ? Words(form, portText) : FaultInFamily(family, literal);
        if (words is not null)
            return words;
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

    private static string? FaultInFamily(IpFamily family, NodeEndpoint? literal) => (family, literal) switch
    {
        (IpFamily.V4, { IsV6: true }) => "is an IPv6 address behind v4:; write v6: or nothing",
        (IpFamily.V6, { IsV6: false }) => "is an IPv4 address behind v6:; write v4: or nothing",
        _ => null,
    };

    private static string Words(AddressFault fault, string? port) => fault switch
    {
        AddressFault.HostMissing => "has no address in it",
        AddressFault.Interface => "names an interface (%), which can't be used; give another address of the server",
        AddressFault.V4 => "is no IPv4 address; it has four numbers from 0 to 255, as in 192.0.2.7",
        AddressFault.V6 => "is no IPv6 address; with a port it is written [ADDRESS]:PORT",
        AddressFault.BracketOpen => "lacks its closing bracket; an IPv6 address with a port is written [ADDRESS]:PORT",
        AddressFault.Brackets => "has brackets in the wrong place; they are for IPv6: [ADDRESS] or [ADDRESS]:PORT",
        AddressFault.PortMissing => "lacks the port behind the colon",
        AddressFault.Port => $"has the port {ConfigText.Quote(port ?? "")}; a port is a number from 1 to 65535",
        _ => "is neither an address, as in 192.0.2.7 or [2001:db8::7]:4232, nor a host name",
    };
}
