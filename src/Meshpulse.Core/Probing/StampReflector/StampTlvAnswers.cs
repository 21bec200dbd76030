using System.Buffers.Binary;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Core.Probing.StampReflector;

/// <summary>
/// Turns a request's TLVs, copied into the reply, into those of the reply, in place: no TLV changes its size or its place, so
/// that they can't make a reply longer (RFC 8972, section 4).
/// <para>
/// What the RFC leaves open: U of a malformed TLV tells, as that of any other, whether the type is known; the reserved flags are
/// sent as zero; a malformed sub-TLV ends its own TLV only, since the outer length is good; a sub-TLV that asks for what the
/// socket can't know (a MAC address) stays general, with zeros.
/// </para>
/// </summary>
internal ref struct StampTlvAnswers
{
    /// <summary>The source and destination of the request, and how it came.</summary>
    public required StampArrival Arrival { get; init; }

    /// <summary>What the time comes from.</summary>
    public required StampTimestampInformation Information { get; init; }

    /// <summary>Received and transmitted.</summary>
    public required StampFlowCounters Counters { get; init; }

    /// <summary>The earlier reply's; all zero where nothing is known.</summary>
    public required StampFollowUp FollowUp { get; init; }

    /// <summary>Bit n: DSCP n may be asked for.</summary>
    public required ulong PermittedDscp { get; init; }

    /// <summary>False to leave Location zero.</summary>
    public required bool TellLocation { get; init; }

    /// <summary>The DSCP of the reply: at first that of the request.</summary>
    public int Dscp { get; private set; }

    /// <summary>What the request reports; the default value for nothing.</summary>
    public StampAccessReport AccessReport { get; private set; }

    /// <summary>Where the value of the HMAC TLV is, which has to be computed last; -1 where none is to be.</summary>
    public int MacOffset { get; private set; }

    /// <summary>Answers verified or unprotected TLVs.</summary>
    /// <param name="area">The TLVs as they came; the reply's after.</param>
    public void Write(Span<byte> area)
    {
        MacOffset = -1;
        Dscp = Arrival.TrafficClass >> 2;
        foreach (var tlv in new StampTlvReader(area))
        {
            var flags = tlv.IsKnown ? StampTlvFlags.None : StampTlvFlags.Unrecognised;
            if (tlv.IsMalformed)
            {
                area[tlv.Offset] = (byte)(flags | StampTlvFlags.Malformed);
                if (tlv.Type == StampTlvType.FollowUpTelemetry)
                {
                    var value = area.Slice(Math.Min(area.Length, tlv.Offset + StampTlv.HeaderLength), tlv.Value.Length);
                    value[..Math.Min(value.Length, sizeof(uint) + sizeof(ulong))].Clear();
                }

                return;
            }

            area[tlv.Offset] = (byte)flags;
            Answer(tlv.Type, tlv.Offset + StampTlv.HeaderLength, area[(tlv.Offset + StampTlv.HeaderLength)..tlv.End]);
        }
    }

    /// <summary>
    /// Marks TLVs whose MAC does not hold: none is used, each has I. One that is cut off, or an HMAC TLV of a wrong length, has M as well.
    /// </summary>
    public static void Refuse(Span<byte> area)
    {
        foreach (var tlv in new StampTlvReader(area))
        {
            var malformed = tlv.IsTruncated || (tlv.Type == StampTlvType.Hmac && tlv.IsMalformed);
            area[tlv.Offset] = (byte)(StampTlvFlags.IntegrityFailed | (malformed ? StampTlvFlags.Malformed : StampTlvFlags.None));
        }
    }

    private void Answer(StampTlvType type, int offset, Span<byte> value)
    {
        switch (type)
        {
            case StampTlvType.Location:
                Locate(value);
                break;
            case StampTlvType.TimestampInformation:
                Information.Write(value);
                break;
            case StampTlvType.ClassOfService:
                AnswerClassOfService(value);
                break;
            case StampTlvType.DirectMeasurement:
                BinaryPrimitives.WriteUInt32BigEndian(value[4..], Counters.Received);
                BinaryPrimitives.WriteUInt32BigEndian(value[8..], Counters.Transmitted);
                break;
            case StampTlvType.AccessReport:
                _ = StampAccessReport.TryRead(value, out var report);
                AccessReport = report.IsValid ? report : AccessReport;
                break;
            case StampTlvType.FollowUpTelemetry:
                FollowUp.Write(value);
                break;
            case StampTlvType.Hmac:
                MacOffset = offset;
                break;
            default:
                break;
        }
    }

    private void AnswerClassOfService(Span<byte> value)
    {
        _ = StampClassOfService.TryRead(value, out var asked);
        var (dscp, ecn) = (Arrival.TrafficClass >> 2, Arrival.TrafficClass & 3);
        var permitted = ((PermittedDscp >> asked.Dscp1) & 1) != 0;
        Dscp = permitted ? asked.Dscp1 : dscp;
        new StampClassOfService(asked.Dscp1, dscp, ecn, permitted ? 0 : 1).Write(value);
    }

    private readonly void Locate(Span<byte> value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(value, (ushort)(TellLocation ? Arrival.Local.Port : 0));
        BinaryPrimitives.WriteUInt16BigEndian(value[2..], (ushort)(TellLocation ? Arrival.Source.Port : 0));
        var subs = value[StampLocation.FixedLength..];
        foreach (var sub in new StampTlvReader(subs))
        {
            var (asked, length) = ((StampLocationType)sub.Type, sub.Value.Length);
            var known = asked is StampLocationType.SourceMac or StampLocationType.DestinationAddress or StampLocationType.SourceAddress;
            var fits = length == (asked == StampLocationType.SourceMac ? StampLocation.MacLength : StampLocation.AddressLength);
            var malformed = sub.IsTruncated || (known && !fits);
            subs[sub.Offset] = (byte)((known ? StampTlvFlags.None : StampTlvFlags.Unrecognised)
                | (malformed ? StampTlvFlags.Malformed : StampTlvFlags.None));
            if (malformed)
            {
                return;
            }

            if (known)
            {
                AnswerSub(asked, ref subs[sub.Offset + 1], subs[(sub.Offset + StampTlv.HeaderLength)..sub.End]);
            }
        }
    }

    private readonly void AnswerSub(StampLocationType asked, ref byte type, Span<byte> value)
    {
        value.Clear();
        var source = asked == StampLocationType.SourceAddress;
        var address = source ? Arrival.Source : Arrival.Local;
        if (!TellLocation || asked == StampLocationType.SourceMac || address.IsUnspecified)
        {
            return;
        }

        type = (byte)(source
            ? address.IsV6 ? StampLocationType.SourceV6 : StampLocationType.SourceV4
            : address.IsV6 ? StampLocationType.DestinationV6 : StampLocationType.DestinationV4);
        _ = address.WriteAddress(value);
    }
}
