using System.Buffers.Binary;

namespace Meshpulse.Lab.Switching;

/// <summary>An Ethernet frame, read where it lies. Every property may be asked of any bytes; what isn't there is zero or empty.</summary>
internal readonly ref struct FrameView(ReadOnlySpan<byte> bytes)
{
    /// <summary>Bytes before the network layer.</summary>
    public const int HeaderLength = 14;

    private const int AddressLength = 6;
    private const int V4 = 0x0800;
    private const int V6 = 0x86dd;
    private const int V4HeaderLength = 20;
    private const int V6HeaderLength = 40;
    private const int Udp = 17;
    private const int UdpHeaderLength = 8;
    private const int FragmentOffsetMask = 0x1fff;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>The receiver's address.</summary>
    public ReadOnlySpan<byte> Destination => _bytes.Length < HeaderLength ? default : _bytes[..AddressLength];

    /// <summary>It is for all, or for a group.</summary>
    public bool IsMulticast => _bytes.Length >= HeaderLength && (_bytes[0] & 1) != 0;

    /// <summary>IPv4, with a whole header.</summary>
    public bool IsV4 => Type == V4 && _bytes.Length >= HeaderLength + V4HeaderLength;

    /// <summary>IPv6, with a whole header.</summary>
    public bool IsV6 => Type == V6 && _bytes.Length >= HeaderLength + V6HeaderLength;

    /// <summary>Bytes of the packet without Ethernet's header: what an MTU is compared with.</summary>
    public int PacketLength => Math.Max(0, _bytes.Length - HeaderLength);

    /// <summary>The packet's DSCP, 0 to 63.</summary>
    public int Dscp => IsV4 ? Packet[1] >> 2 : IsV6 ? (BinaryPrimitives.ReadUInt16BigEndian(Packet) >> 6) & 0x3f : 0;

    /// <summary>UDP, with a whole header: not a later fragment, and for IPv6 not behind extension headers.</summary>
    public bool IsUdp => UdpAt > 0;

    /// <summary>UDP's source port.</summary>
    public int SourcePort => IsUdp ? BinaryPrimitives.ReadUInt16BigEndian(_bytes[UdpAt..]) : 0;

    /// <summary>UDP's destination port.</summary>
    public int DestinationPort => IsUdp ? BinaryPrimitives.ReadUInt16BigEndian(_bytes[(UdpAt + 2)..]) : 0;

    /// <summary>UDP's payload, as far as it lies in this frame.</summary>
    public ReadOnlySpan<byte> Payload => IsUdp ? _bytes[(UdpAt + UdpHeaderLength)..] : default;

    private int Type => _bytes.Length >= HeaderLength ? BinaryPrimitives.ReadUInt16BigEndian(_bytes[(2 * AddressLength)..]) : 0;

    private ReadOnlySpan<byte> Packet => _bytes[HeaderLength..];

    private int UdpAt
    {
        get
        {
            var at = 0;
            if (IsV4 && Packet[9] == Udp && (BinaryPrimitives.ReadUInt16BigEndian(Packet[6..]) & FragmentOffsetMask) == 0)
            {
                at = HeaderLength + ((Packet[0] & 0xf) * 4);
            }
            else if (IsV6 && Packet[6] == Udp)
            {
                at = HeaderLength + V6HeaderLength;
            }

            return at + UdpHeaderLength <= _bytes.Length ? at : 0;
        }
    }

    /// <summary>UDP to or from a port: a session's requests and its replies.</summary>
    public bool IsOf(int port) => SourcePort == port || DestinationPort == port;

    /// <summary>Writes a DSCP into a packet and leaves ECN as it is; does nothing where there is no IP header.</summary>
    public static void Mark(Span<byte> bytes, int dscp)
    {
        var frame = new FrameView(bytes);
        var packet = bytes[Math.Min(HeaderLength, bytes.Length)..];
        if (frame.IsV6)
        {
            var word = BinaryPrimitives.ReadUInt16BigEndian(packet);
            BinaryPrimitives.WriteUInt16BigEndian(packet, (ushort)((word & ~(0x3f << 6)) | (dscp << 6)));
        }
        else if (frame.IsV4)
        {
            var old = BinaryPrimitives.ReadUInt16BigEndian(packet);
            packet[1] = (byte)((packet[1] & 3) | (dscp << 2));
            // The header's checksum, brought up to date with what changed (RFC 1624, section 3, equation 3).
            var sum = (ushort)~BinaryPrimitives.ReadUInt16BigEndian(packet[10..]) + (ushort)~old + BinaryPrimitives.ReadUInt16BigEndian(packet);
            sum = (sum & 0xffff) + (sum >> 16);
            sum = (sum & 0xffff) + (sum >> 16);
            BinaryPrimitives.WriteUInt16BigEndian(packet[10..], (ushort)~sum);
        }
    }
}
