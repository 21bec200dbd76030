using System.Buffers.Binary;

namespace Meshpulse.Wire.UdpPing;

/// <summary>
/// The UDP ping format that mehsh nodes speak: <c>magic:uint32, version:uint32, id:uint64, type:uint16</c>, big-endian, 18
/// bytes. What follows is padding without meaning, so that a request can have the size of the traffic it stands for;
/// the original sends none. See docs/protocols.md.
/// </summary>
public static class UdpPingWire
{
    /// <summary>Bytes of a ping without padding; the fewest that are valid.</summary>
    public const int Length = 18;

    /// <summary>The most bytes of a ping: what a UDP datagram over IPv4 holds.</summary>
    public const int MaxLength = 65_507;

    /// <summary>The first four bytes.</summary>
    public const uint Magic = 326_134_347;

    /// <summary>The one version that there is.</summary>
    public const uint Version = 1;

    /// <summary>The port that reflectors listen on.</summary>
    public const int ReflectorPort = 4232;

    private const int VersionOffset = 4;
    private const int IdOffset = 8;
    private const int TypeOffset = 16;

    /// <summary>Writes a request and returns its length.</summary>
    /// <param name="destination">Takes the datagram; at least <paramref name="length"/> bytes.</param>
    /// <param name="id">What the response will name.</param>
    /// <param name="length">18 to 65,507; what is beyond 18 is padded with zeros.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is out of its range or larger than the destination.</exception>
    public static int WriteRequest(Span<byte> destination, ulong id, int length = Length) =>
        Write(destination, UdpPingType.Request, id, length);

    /// <summary>Writes the response to the request <paramref name="id"/> and returns its length; as <see cref="WriteRequest"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is out of its range or larger than the destination.</exception>
    public static int WriteResponse(Span<byte> destination, ulong id, int length = Length) =>
        Write(destination, UdpPingType.Response, id, length);

    /// <summary>Reads a request or response, padded or not.</summary>
    /// <param name="datagram">The whole datagram.</param>
    /// <param name="message">The default value unless the answer is None.</param>
    public static UdpPingError TryRead(ReadOnlySpan<byte> datagram, out UdpPingMessage message)
    {
        message = default;
        if (datagram.Length < Length)
        {
            return UdpPingError.TooShort;
        }

        if (BinaryPrimitives.ReadUInt32BigEndian(datagram) != Magic)
        {
            return UdpPingError.Magic;
        }

        if (BinaryPrimitives.ReadUInt32BigEndian(datagram[VersionOffset..]) != Version)
        {
            return UdpPingError.Version;
        }

        var type = (UdpPingType)BinaryPrimitives.ReadUInt16BigEndian(datagram[TypeOffset..]);
        if (type is not (UdpPingType.Request or UdpPingType.Response))
        {
            return UdpPingError.Type;
        }

        message = new UdpPingMessage(type, BinaryPrimitives.ReadUInt64BigEndian(datagram[IdOffset..]), datagram.Length - Length);
        return UdpPingError.None;
    }

    private static int Write(Span<byte> destination, UdpPingType type, ulong id, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Math.Min(MaxLength, destination.Length));
        BinaryPrimitives.WriteUInt32BigEndian(destination, Magic);
        BinaryPrimitives.WriteUInt32BigEndian(destination[VersionOffset..], Version);
        BinaryPrimitives.WriteUInt64BigEndian(destination[IdOffset..], id);
        BinaryPrimitives.WriteUInt16BigEndian(destination[TypeOffset..], (ushort)type);
        destination[Length..length].Clear();
        return length;
    }
}
