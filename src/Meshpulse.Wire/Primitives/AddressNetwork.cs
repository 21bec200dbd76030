using System.Globalization;
using System.Net;

namespace Meshpulse.Wire.Primitives;

/// <summary>A network in CIDR notation, such as <c>10.0.0.0/8</c> or <c>2001:db8::/32</c>; a bare address is a network of one.</summary>
public readonly record struct AddressNetwork
{
    private readonly UInt128 _prefix;
    private readonly UInt128 _mask;
    private readonly bool _isV6;

    private AddressNetwork(UInt128 prefix, UInt128 mask, bool isV6) => (_prefix, _mask, _isV6) = (prefix & mask, mask, isV6);

    /// <summary>Reads <c>ADDRESS</c> or <c>ADDRESS/BITS</c>; bits beyond the prefix may be set and are ignored.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out AddressNetwork network)
    {
        network = default;
        var slash = text.IndexOf('/');
        if (!IPAddress.TryParse(slash < 0 ? text : text[..slash], out var address))
        {
            return false;
        }

        var endpoint = NodeEndpoint.From(address, 0);
        var width = endpoint.AddressLength * 8;
        var bits = width;
        if (slash >= 0 && (!int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out bits) || bits > width))
        {
            return false;
        }

        var mask = bits == 0 ? UInt128.Zero : UInt128.MaxValue << (width - bits);
        network = new AddressNetwork(Value(endpoint), mask, endpoint.IsV6);
        return true;
    }

    /// <summary>True where the address lies in the network; the port does not matter.</summary>
    public bool Contains(NodeEndpoint endpoint) => endpoint.IsV6 == _isV6 && (Value(endpoint) & _mask) == _prefix;

    private static UInt128 Value(NodeEndpoint endpoint)
    {
        Span<byte> bytes = stackalloc byte[16];
        var length = endpoint.WriteAddress(bytes);
        UInt128 value = 0;
        foreach (var b in bytes[..length])
        {
            value = (value << 8) | b;
        }

        return value;
    }
}
