using System.Buffers.Binary;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Wire.Heartbeat;

/// <summary>
/// The TCP heartbeat format that meshmonitor nodes speak: <c>length:int32</c>, then that many bytes of body, all
/// integers big-endian. A hello's body is one address entry; a ping's is a stamp and any number of them. An address
/// entry is <c>addrLen:uint8 (4 or 16), address, port:uint16</c>. See docs/protocols.md.
/// </summary>
public static class HeartbeatWire
{
    /// <summary>Bytes of the length in front of each body.</summary>
    public const int LengthPrefix = 4;

    /// <summary>The longest frame that is sent, length included: the original never sends more.</summary>
    public const int MaxFrame = 1024;

    /// <summary>The longest body that is accepted; a little more than the original sends.</summary>
    public const int MaxBody = 1024;

    /// <summary>Bytes of a ping's stamp, which is also its shortest body.</summary>
    public const int StampLength = 8;

    /// <summary>A ping without a list: length and stamp.</summary>
    public const int EmptyPing = LengthPrefix + StampLength;

    /// <summary>Bytes that <paramref name="endpoint"/> takes as an address entry: 7 or 19.</summary>
    public static int EntryLength(NodeEndpoint endpoint) => 1 + endpoint.AddressLength + 2;

    /// <summary>Writes the hello of a node and returns the frame's length: 11 or 23 bytes.</summary>
    public static int WriteHello(Span<byte> destination, NodeEndpoint self)
    {
        var body = WriteEntry(destination[LengthPrefix..], self);
        BinaryPrimitives.WriteInt32BigEndian(destination, body);
        return LengthPrefix + body;
    }

    /// <summary>Writes a ping without a list and returns its length, 12 bytes.</summary>
    /// <param name="destination">Takes the frame.</param>
    /// <param name="stampMicroseconds">The sender's wall clock at send, microseconds since 1970.</param>
    public static int WritePing(Span<byte> destination, long stampMicroseconds)
    {
        BinaryPrimitives.WriteInt32BigEndian(destination, StampLength);
        BinaryPrimitives.WriteInt64BigEndian(destination[LengthPrefix..], stampMicroseconds);
        return EmptyPing;
    }

    /// <summary>
    /// Appends an address entry to the ping of <paramref name="length"/> bytes in <paramref name="frame"/>.
    /// </summary>
    /// <returns>The new length, or the old one where the entry no longer fits into <see cref="MaxFrame"/>.</returns>
    public static int AppendEntry(Span<byte> frame, int length, NodeEndpoint endpoint)
    {
        if (length + EntryLength(endpoint) > Math.Min(frame.Length, MaxFrame))
        {
            return length;
        }

        length += WriteEntry(frame[length..], endpoint);
        BinaryPrimitives.WriteInt32BigEndian(frame, length - LengthPrefix);
        return length;
    }

    /// <summary>Reads the body of a hello: exactly one address entry.</summary>
    public static FrameError ReadHello(ReadOnlySpan<byte> body, out NodeEndpoint identity)
    {
        var error = ReadEntry(body, out identity, out var consumed);
        return error == FrameError.None && consumed != body.Length ? FrameError.TrailingBytes : error;
    }

    /// <summary>Checks the body of a ping whole; only then are its values read, through the view.</summary>
    public static FrameError ReadPing(ReadOnlySpan<byte> body, out PingView ping)
    {
        ping = default;
        if (body.Length < StampLength)
        {
            return FrameError.BodyTooShort;
        }

        for (var rest = body[StampLength..]; rest.Length > 0;)
        {
            var error = ReadEntry(rest, out _, out var consumed);
            if (error != FrameError.None)
            {
                return error;
            }

            rest = rest[consumed..];
        }

        ping = new PingView(BinaryPrimitives.ReadInt64BigEndian(body), body[StampLength..]);
        return FrameError.None;
    }

    internal static FrameError ReadEntry(ReadOnlySpan<byte> source, out NodeEndpoint endpoint, out int consumed)
    {
        endpoint = default;
        consumed = 0;
        if (source.Length == 0)
        {
            return FrameError.BodyTooShort;
        }

        int addressLength = source[0];
        if (addressLength is not (4 or 16))
        {
            return FrameError.AddressLength;
        }

        consumed = 1 + addressLength + 2;
        if (source.Length < consumed)
        {
            return FrameError.TruncatedEntry;
        }

        var port = BinaryPrimitives.ReadUInt16BigEndian(source[(1 + addressLength)..]);
        endpoint = NodeEndpoint.FromBytes(source.Slice(1, addressLength), port);
        return FrameError.None;
    }

    private static int WriteEntry(Span<byte> destination, NodeEndpoint endpoint)
    {
        var length = endpoint.WriteAddress(destination[1..]);
        destination[0] = (byte)length;
        BinaryPrimitives.WriteUInt16BigEndian(destination[(1 + length)..], (ushort)endpoint.Port);
        return 1 + length + 2;
    }
}
