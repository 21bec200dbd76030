using System.Buffers.Binary;

namespace Meshpulse.Wire.Stamp;

/// <summary>
/// Writes a request's TLVs, one behind the other, as a Session-Sender does: U set, what the reflector fills in zero. Each method throws
/// <see cref="ArgumentException"/> where the room does not suffice, and has written nothing then.
/// </summary>
/// <param name="destination">Where the TLVs go: the packet behind its base.</param>
public ref struct StampTlvWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Adds a TLV of any type.</summary>
    /// <param name="type">0 to 255.</param>
    /// <param name="value">At most 65,535 bytes.</param>
    public void Add(StampTlvType type, ReadOnlySpan<byte> value) => value.CopyTo(Reserve((int)type, value.Length));

    /// <summary>Adds padding of zeros; <see cref="Add"/> takes other bytes.</summary>
    public void AddExtraPadding(int length) => _ = Reserve((int)StampTlvType.ExtraPadding, length);

    /// <summary>Asks for ports, and for addresses and a MAC address where wanted.</summary>
    /// <param name="addresses">Destination and source address.</param>
    /// <param name="mac">The MAC address that the request arrived from, of its last hop.</param>
    public void AddLocation(bool addresses = true, bool mac = false)
    {
        var (address, macLength) = (StampTlv.HeaderLength + StampLocation.AddressLength, StampTlv.HeaderLength + StampLocation.MacLength);
        var value = Reserve((int)StampTlvType.Location, StampLocation.FixedLength + (addresses ? 2 * address : 0) + (mac ? macLength : 0));
        var sub = new StampTlvWriter(value[StampLocation.FixedLength..]);
        if (addresses)
        {
            _ = sub.Reserve((int)StampLocationType.DestinationAddress, StampLocation.AddressLength);
            _ = sub.Reserve((int)StampLocationType.SourceAddress, StampLocation.AddressLength);
        }

        if (mac)
        {
            _ = sub.Reserve((int)StampLocationType.SourceMac, StampLocation.MacLength);
        }
    }

    /// <summary>Asks where the reflector's time comes from.</summary>
    public void AddTimestampInformation() => _ = Reserve((int)StampTlvType.TimestampInformation, StampTimestampInformation.Length);

    /// <summary>Asks for DSCP and ECN as they came, and for a DSCP of the reply.</summary>
    /// <param name="dscp">0 to 63.</param>
    public void AddClassOfService(int dscp)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(dscp);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dscp, 63);
        new StampClassOfService(dscp, 0, 0, 0).Write(Reserve((int)StampTlvType.ClassOfService, StampClassOfService.Length));
    }

    /// <summary>Asks for the reflector's counters.</summary>
    /// <param name="transmitted">S_TxC: how many were sent, mod 2^32.</param>
    public void AddDirectMeasurement(uint transmitted) =>
        new StampDirectMeasurement(transmitted, 0, 0).Write(Reserve((int)StampTlvType.DirectMeasurement, StampDirectMeasurement.Length));

    /// <summary>Reports the state of an access network.</summary>
    public void AddAccessReport(StampAccessReport report) => report.Write(Reserve((int)StampTlvType.AccessReport, StampAccessReport.Length));

    /// <summary>Asks for a better time of sending of the reply before.</summary>
    public void AddFollowUp() => _ = Reserve((int)StampTlvType.FollowUpTelemetry, StampFollowUp.Length);

    /// <summary>Adds the MAC over what was written so far; only padding may follow.</summary>
    /// <param name="key">The key.</param>
    /// <param name="sequence">The number in the base of the same packet.</param>
    public void AddHmac(in StampKey key, uint sequence)
    {
        var covered = _destination[..Length];
        StampMac.ComputeTlvs(key, sequence, covered, Reserve((int)StampTlvType.Hmac, StampWire.MacLength));
    }

    private Span<byte> Reserve(int type, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(type);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(type, byte.MaxValue);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Math.Min(ushort.MaxValue, _destination.Length - Length - StampTlv.HeaderLength));
        var tlv = _destination.Slice(Length, StampTlv.HeaderLength + length);
        tlv.Clear();
        tlv[0] = (byte)StampTlvFlags.Unrecognised;
        tlv[1] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(tlv[2..], (ushort)length);
        Length += tlv.Length;
        return tlv[StampTlv.HeaderLength..];
    }
}
