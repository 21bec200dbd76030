using Meshpulse.Core.Config;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Cli.Commands;

/// <summary>Reads the hosts and ports of a command line. Methods return what is wrong, in words that continue "TEXT: ", or null.</summary>
internal static class HostText
{
    /// <summary>Reads <c>host</c>, <c>host:port</c>, <c>[v6]</c>, <c>[v6]:port</c> and bare <c>v6</c>.</summary>
    /// <param name="lowestPort">The lowest port that may be written; the highest is 65535.</param>
    /// <param name="host">An address in its canonical form, or a host name in lower case.</param>
    /// <param name="port">The port where one is written; else left as it is.</param>
    /// <param name="isLiteral">True for an address.</param>
    public static string? Read(string text, int lowestPort, out string host, ref int port, out bool isLiteral)
    {
        NodeEndpoint? literal = null;
        var fault = AddressForm.Split(text, out host, out var portText) ?? AddressForm.ReadHost(host, out host, out literal);
        isLiteral = literal is not null;
        if (fault is { } form)
        {
            return Words(form);
        }

        return portText is null ? null : ReadPort(portText, lowestPort, out port);
    }

    /// <summary>Reads a port from <paramref name="lowest"/> to 65535.</summary>
    public static string? ReadPort(string text, int lowest, out int port) => AddressForm.ReadPort(text, lowest, out port) switch
    {
        null => null,
        AddressFault.PortMissing => "the port is missing after the colon",
        _ => $"port {UsageException.Echo(text)} is not a number from {lowest} to 65535",
    };

    /// <summary>True for an address alone, without brackets and port.</summary>
    public static bool IsAddress(string text) => AddressForm.ReadHost(text, out _, out var literal) is null && literal is not null;

    private static string Words(AddressFault fault) => fault switch
    {
        AddressFault.HostMissing => "the address is missing",
        AddressFault.Interface => "an address with an interface (%) can't be used: heartbeats carry addresses only",
        AddressFault.V4 => "not an IPv4 address; it has four numbers from 0 to 255, as in 192.0.2.7",
        AddressFault.V6 => "not an IPv6 address; with a port it is written [ADDRESS]:PORT",
        AddressFault.BracketOpen => "the closing bracket is missing; an IPv6 address with a port is written [ADDRESS]:PORT",
        AddressFault.Brackets => "brackets are for an IPv6 address: [ADDRESS] or [ADDRESS]:PORT",
        _ => "neither an address nor a host name",
    };
}
