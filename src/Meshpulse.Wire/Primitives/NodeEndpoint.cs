using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Meshpulse.Wire.Primitives;

/// <summary>
/// An IPv4 or IPv6 address with a port: a node's identity in the mesh. A plain value of 20 bytes, so that comparing,
/// hashing and copying identities on the probing path allocates nothing. An IPv4 address mapped into IPv6 is the IPv4
/// address: one node has one identity whichever way its address was written.
/// </summary>
public readonly struct NodeEndpoint : IEquatable<NodeEndpoint>, IComparable<NodeEndpoint>
{
    private readonly ulong _high;
    private readonly ulong _low;
    private readonly ushort _port;
    private readonly bool _isV6;

    private NodeEndpoint(ulong high, ulong low, ushort port, bool isV6) => (_high, _low, _port, _isV6) = (high, low, port, isV6);

    /// <summary>True for an IPv6 address.</summary>
    public bool IsV6 => _isV6;

    /// <summary>The port, 0 to 65535.</summary>
    public int Port => _port;

    /// <summary>4 or 16: how many bytes the address has.</summary>
    public int AddressLength => _isV6 ? 16 : 4;

    /// <summary>True for 0.0.0.0 and ::, which name no node.</summary>
    public bool IsUnspecified => _high == 0 && _low == 0;

    /// <summary>True for 127.0.0.0/8 and ::1.</summary>
    public bool IsLoopback => _isV6 ? _high == 0 && _low == 1 : (_low >> 24) == 127;

    /// <summary>True for addresses that name a group of hosts or none: multicast, and IPv4's limited broadcast.</summary>
    public bool IsMulticast => _isV6 ? _high >> 56 == 0xff : _low >> 28 == 0xe || _low == 0xffffffff;

    /// <summary>True for fe80::/10, which means nothing without the interface that the wire format can't carry.</summary>
    public bool IsLinkLocalV6 => _isV6 && _high >> 54 == 0x3fa;

    /// <summary>Reads an address of 4 or 16 bytes in network order.</summary>
    /// <exception cref="ArgumentException">The address has another length.</exception>
    public static NodeEndpoint FromBytes(ReadOnlySpan<byte> address, int port)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        switch (address.Length)
        {
            case 4:
                return new NodeEndpoint(0, BinaryPrimitives.ReadUInt32BigEndian(address), (ushort)port, false);
            case 16:
                var high = BinaryPrimitives.ReadUInt64BigEndian(address);
                var low = BinaryPrimitives.ReadUInt64BigEndian(address[8..]);
                return high == 0 && low >> 32 == 0xffff
                    ? new NodeEndpoint(0, low & 0xffffffff, (ushort)port, false)
                    : new NodeEndpoint(high, low, (ushort)port, true);
            default:
                throw new ArgumentException("An address has 4 or 16 bytes.", nameof(address));
        }
    }

    /// <summary>The unspecified address of a family, 0.0.0.0 or ::, at which a socket takes what comes to any of the host's.</summary>
    /// <param name="isV6">True for ::.</param>
    /// <param name="port">0 to 65535.</param>
    public static NodeEndpoint AnyAddress(bool isV6, int port) => new(0, 0, checked((ushort)port), isV6);

    /// <summary>The endpoint of a .NET address; a scope id is dropped.</summary>
    public static NodeEndpoint From(IPAddress address, int port)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out var length);
        return FromBytes(bytes[..length], port);
    }

    /// <summary>Reads <c>1.2.3.4:5</c> or <c>[::1]:5</c>, in their strict forms only.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out NodeEndpoint endpoint)
    {
        endpoint = default;
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            return false;
        }

        var address = text[..colon];
        var bracketed = address is ['[', .., ']'];
        if (!IPAddress.TryParse(bracketed ? address[1..^1] : address, out var parsed)
            || bracketed != (parsed.AddressFamily == AddressFamily.InterNetworkV6))
        {
            return false;
        }

        endpoint = From(parsed, port);
        return true;
    }

    /// <summary>The same address with another port.</summary>
    public NodeEndpoint WithPort(int port) => new(_high, _low, checked((ushort)port), _isV6);

    /// <summary>True where both name the same address, whatever their ports.</summary>
    public bool SameAddress(NodeEndpoint other) => _isV6 == other._isV6 && _high == other._high && _low == other._low;

    /// <summary>Writes the address in network order and returns its length, 4 or 16.</summary>
    public int WriteAddress(Span<byte> destination)
    {
        if (!_isV6)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)_low);
            return 4;
        }

        BinaryPrimitives.WriteUInt64BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _low);
        return 16;
    }

    /// <summary>The address as .NET's type.</summary>
    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        return new IPAddress(bytes[..WriteAddress(bytes)]);
    }

    /// <summary>The address alone: <c>10.0.0.1</c>, <c>2001:db8::1</c>.</summary>
    public string AddressText => ToIPAddress().ToString();

    /// <summary>The order of identities: IPv4 before IPv6, then by address, then by port. Both ends of a pair agree on it.</summary>
    public int CompareTo(NodeEndpoint other)
    {
        var order = _isV6.CompareTo(other._isV6);
        order = order != 0 ? order : _high.CompareTo(other._high);
        order = order != 0 ? order : _low.CompareTo(other._low);
        return order != 0 ? order : _port.CompareTo(other._port);
    }

    /// <inheritdoc />
    public bool Equals(NodeEndpoint other) => _low == other._low && _high == other._high && _port == other._port && _isV6 == other._isV6;

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is NodeEndpoint other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(_high, _low, _port, _isV6);

    /// <summary>True where address and port are the same.</summary>
    public static bool operator ==(NodeEndpoint a, NodeEndpoint b) => a.Equals(b);

    /// <summary>True where address or port differ.</summary>
    public static bool operator !=(NodeEndpoint a, NodeEndpoint b) => !a.Equals(b);

    /// <summary>True where <paramref name="a"/> comes first in the order of identities.</summary>
    public static bool operator <(NodeEndpoint a, NodeEndpoint b) => a.CompareTo(b) < 0;

    /// <summary>True where <paramref name="a"/> comes last in the order of identities.</summary>
    public static bool operator >(NodeEndpoint a, NodeEndpoint b) => a.CompareTo(b) > 0;

    /// <summary>True where <paramref name="a"/> does not come last.</summary>
    public static bool operator <=(NodeEndpoint a, NodeEndpoint b) => a.CompareTo(b) <= 0;

    /// <summary>True where <paramref name="a"/> does not come first.</summary>
    public static bool operator >=(NodeEndpoint a, NodeEndpoint b) => a.CompareTo(b) >= 0;

    /// <summary><c>10.0.0.1:12222</c> or <c>[2001:db8::1]:12222</c>.</summary>
    public override string ToString() => _isV6 ? $"[{AddressText}]:{_port}" : $"{AddressText}:{_port}";
}
