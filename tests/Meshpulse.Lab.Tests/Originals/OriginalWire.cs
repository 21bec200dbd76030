using System.Buffers.Binary;

namespace Meshpulse.Lab.Originals;

/// <summary>The original's datagrams, written from their description: 18 bytes, big-endian.</summary>
internal static class OriginalWire
{
    private const uint Magic = 0x13706a4b;

    /// <summary>A datagram: magic, version, number, type 1 for a request or 2 for a response.</summary>
    public static byte[] Datagram(ulong id, ushort type, uint magic = Magic, uint version = 1)
    {
        var bytes = new byte[18];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, magic);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), version);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), id);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(16), type);
        return bytes;
    }

    /// <summary>The number of a datagram.</summary>
    public static ulong IdOf(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);

    /// <summary>Whether it is a request to the byte.</summary>
    public static bool IsRequest(ReadOnlySpan<byte> bytes) => bytes.Length == 18 && IdOf(bytes) > 0 && bytes.SequenceEqual(Datagram(IdOf(bytes), 1));

    /// <summary>Whether it is a response to the byte.</summary>
    public static bool IsResponse(ReadOnlySpan<byte> bytes) => bytes.Length == 18 && bytes.SequenceEqual(Datagram(IdOf(bytes), 2));
}
