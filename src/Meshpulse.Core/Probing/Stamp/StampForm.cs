using Meshpulse.Core.Time;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Core.Probing.Stamp;

/// <summary>
/// What the requests of a session look like, and how its replies are read: STAMP with as many TLVs as its length has room for, or
/// TWAMP Light, which differs by its shorter header and has no session id. Values in, values out; any number of sessions may share one.
/// <para>
/// Two TLVs are always asked for. <b>Follow-Up Telemetry</b> brings the kernel's time of the reply before, and thereby the proof that the reflector
/// counts its replies: equal numbers at both ends prove nothing, so without it nobody can say that what is lost was lost on the way
/// back. <b>Class of Service</b> brings the code point with which the request arrived. They go with every request that has room; the
/// others (<see cref="StampTlvSet.Optional"/>) cost bytes that not everybody wants to spend, so they go where they are asked for, and first.
/// </para>
/// </summary>
public sealed class StampForm
{
    /// <summary>UDP payload without authentication that holds both TLVs and no padding.</summary>
    public const int FullLength = StampWire.UnauthenticatedLength + FollowUpLength + ClassLength;

    /// <summary>The same with authentication, where TLVs need a MAC of their own.</summary>
    public const int FullAuthenticatedLength = StampWire.AuthenticatedLength + FollowUpLength + ClassLength + MacLength;

    private const int FollowUpLength = StampTlv.HeaderLength + StampFollowUp.Length;
    private const int ClassLength = StampTlv.HeaderLength + StampClassOfService.Length;
    private const int MacLength = StampTlv.HeaderLength + StampWire.MacLength;

    // The ports, and both addresses.
    private const int LocationLength = StampTlv.HeaderLength + StampLocation.FixedLength + (2 * (StampTlv.HeaderLength + StampLocation.AddressLength));
    private const int TimestampLength = StampTlv.HeaderLength + StampTimestampInformation.Length;
    private const int DirectLength = StampTlv.HeaderLength + StampDirectMeasurement.Length;
    private const int AccessLength = StampTlv.HeaderLength + StampAccessReport.Length;

    private readonly StampKeyRing? _keys;
    private readonly StampMode _mode;
    private readonly bool _isTwamp;

    private StampForm(StampKeyRing? keys, int length, bool isTwamp, StampErrorEstimate estimate, StampTlvSet asked)
    {
        (_keys, _isTwamp, Length, ErrorEstimate) = (keys, isTwamp, length, estimate.WithFormat(StampTimestampFormat.Ntp));
        _mode = keys is null ? StampMode.Unauthenticated : StampMode.Authenticated;
        Tlvs = isTwamp ? StampTlvSet.None : Fill(_mode, length, asked);
    }

    /// <summary>What is reported of the access network: Wi-Fi, a cable or the like, which works, or nobody could read this.</summary>
    public static StampAccessReport AccessReport { get; } = new(StampAccessId.NonThreeGpp, StampAccessReturnCode.Available);

    /// <summary>What a request asks for.</summary>
    public StampTlvSet Tlvs { get; }

    /// <summary>Bytes of a request, and of a reply to it.</summary>
    public int Length { get; }

    /// <summary>How far T1 may be off, for the reflector's information.</summary>
    public StampErrorEstimate ErrorEstimate { get; }

    /// <summary>STAMP (RFC 8762, RFC 8972).</summary>
    /// <param name="keys">Authenticated: the first key signs, all verify. Null: unauthenticated.</param>
    /// <param name="length">UDP payload in bytes, 44 (authenticated 112) to 65,507; what the TLVs leave is padding.</param>
    /// <param name="estimate">How far T1 may be off.</param>
    /// <param name="asked">Of the optional TLVs those that are wanted; <paramref name="length"/> must have room for them, see <see cref="LengthOf"/>.</param>
    public static StampForm Stamp(StampKeyRing? keys, int length, StampErrorEstimate estimate, StampTlvSet asked = StampTlvSet.None)
    {
        var least = LengthOf(keys is null ? StampMode.Unauthenticated : StampMode.Authenticated, asked & StampTlvSet.Optional);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, least);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, StampWire.MaxLength);
        return new StampForm(keys, length, isTwamp: false, estimate, asked & StampTlvSet.Optional);
    }

    /// <summary>UDP payload in bytes that holds these TLVs and no padding, the MAC of their own included that they need with authentication.</summary>
    public static int LengthOf(StampMode mode, StampTlvSet tlvs) => StampWire.LengthOf(mode)
        + (tlvs != StampTlvSet.None && mode == StampMode.Authenticated ? MacLength : 0)
        + Bytes(tlvs, StampTlvSet.Location, LocationLength)
        + Bytes(tlvs, StampTlvSet.TimestampInformation, TimestampLength)
        + Bytes(tlvs, StampTlvSet.ClassOfService, ClassLength)
        + Bytes(tlvs, StampTlvSet.DirectMeasurement, DirectLength)
        + Bytes(tlvs, StampTlvSet.AccessReport, AccessLength)
        + Bytes(tlvs, StampTlvSet.FollowUpTelemetry, FollowUpLength);

    /// <summary>TWAMP Light (RFC 5357, appendix I), unauthenticated.</summary>
    /// <param name="length">UDP payload in bytes, 14 to 65,507; replies may be longer where it is below 41.</param>
    public static StampForm Twamp(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, StampWire.TwampRequestLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, StampWire.MaxLength);
        return new StampForm(null, length, isTwamp: true, StampErrorEstimate.Unknown, StampTlvSet.None);
    }

    /// <summary>Writes a request over the whole of <paramref name="packet"/>, which is <see cref="Length"/> long.</summary>
    /// <param name="packet">Takes it.</param>
    /// <param name="sequence">Its number.</param>
    /// <param name="t1">The time that it carries.</param>
    /// <param name="ssid">The session's id; 0 for none. TWAMP has none.</param>
    /// <param name="dscp">The code point that the reply shall have, 0 to 63: the request's own.</param>
    public void Write(Span<byte> packet, SerialNumber sequence, WallTime t1, ushort ssid, int dscp)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(packet.Length, Length, nameof(packet));
        Span<byte> header = stackalloc byte[StampWire.AuthenticatedLength];
        var timestamp = StampTimestamp.FromNanoseconds(t1.Nanoseconds, StampTimestampFormat.Ntp);
        var length = StampWire.WriteRequest(header, _mode, new StampSenderPacket(sequence.Value, timestamp, ErrorEstimate, _isTwamp ? (ushort)0 : ssid));
        packet.Clear();
        if (_isTwamp)
        {
            // Zeros behind its header are padding to TWAMP and what must be zero to STAMP.
            header[..StampWire.TwampRequestLength].CopyTo(packet);
            return;
        }

        header[..length].CopyTo(packet);
        WriteTlvs(packet[length..], sequence, dscp);
        if (_keys is not null)
        {
            StampMac.SignPacket(_keys[0], packet);
        }
    }

    /// <summary>Reads a datagram that came from the reflector's address and port.</summary>
    /// <param name="datagram">Any bytes.</param>
    /// <param name="ssid">The session's id; a reflector without RFC 8972 gives 0, which is taken too.</param>
    /// <param name="now">The wall clock, which tells the era of the timestamps.</param>
    /// <param name="arrived">When it came.</param>
    /// <param name="reading">What it says; not to be used unless the answer is None.</param>
    public StampReadError TryRead(ReadOnlySpan<byte> datagram, ushort ssid, WallTime now, MonoTime arrived, out StampReading reading) =>
        TryRead(datagram, ssid, now, arrived, out reading, out _);

    /// <summary>The same, with what the optional TLVs say.</summary>
    /// <param name="datagram">Any bytes.</param>
    /// <param name="ssid">The session's id.</param>
    /// <param name="now">The wall clock.</param>
    /// <param name="arrived">When it came.</param>
    /// <param name="reading">What it says.</param>
    /// <param name="told">What it says to what was asked beyond; the default value where that is nothing.</param>
    public StampReadError TryRead(
        ReadOnlySpan<byte> datagram, ushort ssid, WallTime now, MonoTime arrived, out StampReading reading, out StampTold told)
    {
        (reading, told) = (default, default);
        var key = -1;
        if (_keys is not null && !StampMac.TryVerifyPacket(_keys, datagram, out key))
        {
            return StampReadError.Mac;
        }

        if (StampReflectorView.TryCreate(datagram, _mode, out var view) != StampError.None
            || !TryRead(view.SenderTimestamp, StampTimestampFormat.Ntp, now, out var t1)
            || !TryRead(view.ReceiveTimestamp, view.ErrorEstimate.Format, now, out var t2)
            || !TryRead(view.Timestamp, view.ErrorEstimate.Format, now, out var t3))
        {
            return StampReadError.Malformed;
        }

        if (!_isTwamp && view.Ssid != 0 && view.Ssid != ssid)
        {
            return StampReadError.OtherSession;
        }

        reading = new StampReading(new StampReply(new SerialNumber(view.SenderSequence), new SerialNumber(view.Sequence), t1, t2, t3, arrived))
        {
            IsSynchronised = view.ErrorEstimate.IsSynchronised,
            HasSessionId = !_isTwamp && ssid != 0 && view.Ssid == ssid,
            SenderTtl = view.SenderTtl,
        };
        if (Tlvs != StampTlvSet.None)
        {
            ReadTlvs(view, key, now, ref reading, ref told);
        }

        return StampReadError.None;
    }

    private void WriteTlvs(Span<byte> rest, SerialNumber sequence, int dscp)
    {
        var tlvs = new StampTlvWriter(rest);
        if (Asks(StampTlvSet.FollowUpTelemetry))
        {
            tlvs.AddFollowUp();
        }

        if (Asks(StampTlvSet.ClassOfService))
        {
            tlvs.AddClassOfService(dscp);
        }

        WriteOptional(ref tlvs, sequence);
        if (Tlvs != StampTlvSet.None && _keys is not null)
        {
            tlvs.AddHmac(_keys[0], sequence.Value);
        }

        // Up to three bytes have no room for a TLV and stay zero.
        var padding = rest.Length - tlvs.Length - StampTlv.HeaderLength;
        if (padding >= 0)
        {
            tlvs.AddExtraPadding(padding);
        }
    }

    private void WriteOptional(ref StampTlvWriter tlvs, SerialNumber sequence)
    {
        if (Asks(StampTlvSet.Location))
        {
            tlvs.AddLocation();
        }

        if (Asks(StampTlvSet.TimestampInformation))
        {
            tlvs.AddTimestampInformation();
        }

        if (Asks(StampTlvSet.DirectMeasurement))
        {
            // Numbers count what was sent, from 0; this one included.
            tlvs.AddDirectMeasurement(unchecked(sequence.Value + 1));
        }

        if (Asks(StampTlvSet.AccessReport))
        {
            tlvs.AddAccessReport(AccessReport);
        }
    }

    /// <summary>For one of them, or any of several.</summary>
    private bool Asks(StampTlvSet one) => (Tlvs & one) != StampTlvSet.None;

    /// <summary>
    /// Adds those that are always asked for, as far as there is room. Behind an HMAC TLV padding alone may follow (RFC 8972, section 4.8), and one
    /// to three bytes are too few for that: a reflector would believe none of the TLVs. One of them less leaves enough.
    /// </summary>
    private static StampTlvSet Fill(StampMode mode, int length, StampTlvSet asked)
    {
        foreach (var more in (ReadOnlySpan<StampTlvSet>)[StampTlvSet.FollowUpTelemetry, StampTlvSet.ClassOfService])
        {
            var left = length - LengthOf(mode, asked | more);
            if (left < 0 || (mode == StampMode.Authenticated && left is > 0 and < StampTlv.HeaderLength))
            {
                break;
            }

            asked |= more;
        }

        return asked;
    }

    private static int Bytes(StampTlvSet tlvs, StampTlvSet one, int length) => (tlvs & one) == StampTlvSet.None ? 0 : length;

    private void ReadTlvs(in StampReflectorView view, int key, WallTime now, ref StampReading reading, ref StampTold told)
    {
        if (StampTlvCheck.Verify(view.Tlvs, view.Sequence, _mode, _keys, ref key) == StampTlvIntegrity.Failed)
        {
            return;
        }

        foreach (var tlv in new StampReplyTlvReader(view.Tlvs))
        {
            if (tlv.Type == StampTlvType.ClassOfService && StampClassOfService.TryRead(tlv.Value, out var service))
            {
                reading = reading with { SeenDscp = (byte)service.Dscp2 };
            }
            else if (tlv.Type == StampTlvType.FollowUpTelemetry
                && StampFollowUp.TryRead(tlv.Value, out var followUp)
                && followUp.Timestamp.Bits != 0
                && TryRead(followUp.Timestamp, view.ErrorEstimate.Format, now, out var t3))
            {
                reading = reading with { FollowUp = new StampFollowUpReading(new SerialNumber(followUp.Sequence), t3) };
            }
            else if (Asks(SetOf(tlv) & StampTlvSet.Optional))
            {
                told = told.With(ReadOptional(tlv));
            }
        }

        if (Asks(StampTlvSet.Optional))
        {
            told = told with { Unrecognised = Tlvs & UnrecognisedIn(view.Tlvs) };
        }
    }

    /// <summary>Fields of zeros are what we sent: the reflector left them so, and said nothing.</summary>
    private static StampTold ReadOptional(in StampTlv tlv) => tlv.Type switch
    {
        StampTlvType.Location when StampLocation.TryRead(tlv.Value, out var location) && IsTold(location) => new() { Location = location },
        StampTlvType.TimestampInformation when StampTimestampInformation.TryRead(tlv.Value, out var time) && time != default => new() { Time = time },
        StampTlvType.DirectMeasurement when StampDirectMeasurement.TryRead(tlv.Value, out var direct) && direct.ReflectorReceived != 0 => new() { Direct = direct },
        StampTlvType.AccessReport when StampAccessReport.TryRead(tlv.Value, out var access) => new() { Access = access },
        _ => default,
    };

    private static bool IsTold(in StampLocation location) =>
        location is not { Source: { IsUnspecified: true, Port: 0 }, Destination: { IsUnspecified: true, Port: 0 } };

    /// <summary>The types that came back with U, up to the first malformed TLV.</summary>
    private static StampTlvSet UnrecognisedIn(ReadOnlySpan<byte> area)
    {
        var found = StampTlvSet.None;
        foreach (var tlv in new StampTlvReader(area))
        {
            if (tlv.IsMalformed || tlv.Flags.HasFlag(StampTlvFlags.Malformed))
            {
                break;
            }

            found |= tlv.Flags.HasFlag(StampTlvFlags.Unrecognised) ? SetOf(tlv) : StampTlvSet.None;
        }

        return found;
    }

    private static StampTlvSet SetOf(in StampTlv tlv) => tlv.IsKnown ? (StampTlvSet)(1 << (int)tlv.Type) : StampTlvSet.None;

    private static bool TryRead(StampTimestamp timestamp, StampTimestampFormat format, WallTime now, out WallTime time)
    {
        var isSound = timestamp.TryGetNanoseconds(format, now.Nanoseconds, out var nanoseconds);
        time = new WallTime(nanoseconds);
        return isSound;
    }
}
