using System.Buffers.Binary;

namespace Meshpulse.Lab.Decoders;

/// <summary>A file of packets as tcpdump writes it (pcap 2.4, LINKTYPE_RAW): UDP over IPv4, without checksums. Disposing of it deletes it.</summary>
internal sealed class PacketCapture : IDisposable
{
    /// <summary>Bytes before a packet's payload.</summary>
    public const int HeaderLength = 28;

    private const int Reflector = 862;
    private const int Sender = 40_000;

    /// <summary>Writes requests and replies in turn, between port 40000 and port 862.</summary>
    public PacketCapture(IEnumerable<StampExchange> exchanges)
    {
        using var file = File.Create(Name);
        Span<byte> header = stackalloc byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0xa1b2c3d4);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], 65_535);
        BinaryPrimitives.WriteInt32LittleEndian(header[20..], 101);
        file.Write(header);
        foreach (var exchange in exchanges)
        {
            Write(file, Sender, Reflector, exchange.Request);
            Write(file, Reflector, Sender, exchange.Reply);
        }
    }

    /// <summary>Where it is.</summary>
    public string Name { get; } = Path.GetTempFileName();

    /// <inheritdoc />
    public void Dispose() => File.Delete(Name);

    private static void Write(FileStream file, int from, int to, byte[] payload)
    {
        var packet = new byte[16 + HeaderLength + payload.Length];
        BinaryPrimitives.WriteInt32LittleEndian(packet.AsSpan(8), HeaderLength + payload.Length);
        BinaryPrimitives.WriteInt32LittleEndian(packet.AsSpan(12), HeaderLength + payload.Length);
        var ip = packet.AsSpan(16);
        (ip[0], ip[8], ip[9]) = (0x45, 64, 17);
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(HeaderLength + payload.Length));
        (ip[12], ip[15], ip[16], ip[19]) = (10, (byte)(from == Reflector ? 9 : 1), 10, (byte)(to == Reflector ? 9 : 1));
        BinaryPrimitives.WriteUInt16BigEndian(ip[20..], (ushort)from);
        BinaryPrimitives.WriteUInt16BigEndian(ip[22..], (ushort)to);
        BinaryPrimitives.WriteUInt16BigEndian(ip[24..], (ushort)(8 + payload.Length));
        payload.CopyTo(ip[HeaderLength..]);
        file.Write(packet);
    }
}
