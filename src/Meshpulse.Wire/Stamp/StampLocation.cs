using System.Buffers.Binary;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Wire.Stamp;

/// <summary>What a Location TLV says (RFC 8972, section 4.2): between which addresses and ports the request arrived at the reflector.</summary>
/// <param name="Destination">The address asked, 0.0.0.0 where it was not said, and the port.</param>
/// <param name="Source">The sender's as the reflector saw it, behind any translation; the same.</param>
public readonly record struct StampLocation(NodeEndpoint Destination, NodeEndpoint Source)
{
    /// <summary>Bytes of the two ports, which stand before the sub-TLVs.</summary>
    public const int FixedLength = 4;

    /// <summary>Bytes of an address in a sub-TLV, of either family.</summary>
    public const int AddressLength = 16;

    /// <summary>Bytes of a MAC address in a sub-TLV, of either size.</summary>
    public const int MacLength = 8;

    /// <summary>Reads the ports, and the addresses as far as they were told; false for fewer than 4 bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> value, out StampLocation result)
    {
        result = default;
        if (value.Length < FixedLength)
        {
            return false;
        }

        var (destination, source) = (default(NodeEndpoint), default(NodeEndpoint));
        foreach (var sub in new StampTlvReader(value[FixedLength..]))
        {
            if (sub.IsTruncated || sub.Flags.HasFlag(StampTlvFlags.Malformed))
            {
                break;
            }

            switch ((StampLocationType)sub.Type)
            {
                case StampLocationType.DestinationV4 or StampLocationType.DestinationV6:
                    destination = Address(sub, StampLocationType.DestinationV4);
                    break;
                case StampLocationType.SourceV4 or StampLocationType.SourceV6:
                    source = Address(sub, StampLocationType.SourceV4);
                    break;
                default:
                    break;
            }
        }

        var (to, from) = (BinaryPrimitives.ReadUInt16BigEndian(value), BinaryPrimitives.ReadUInt16BigEndian(value[2..]));
        result = new StampLocation(destination.WithPort(to), source.WithPort(from));
        return true;
    }

    private static NodeEndpoint Address(in StampTlv sub, StampLocationType v4) => sub.Value.Length != AddressLength
        ? default
        : NodeEndpoint.FromBytes((StampLocationType)sub.Type == v4 ? sub.Value[..4] : sub.Value, 0);
}
