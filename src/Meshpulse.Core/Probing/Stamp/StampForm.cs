using Meshpulse.Core.Time;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Core.Probing.Stamp;

/// <summary>
/// What the requests of a session look like, and how its replies are read: STAMP with as many TLVs as its length has room for, or
/// TWAMP Light, which differs by its shorter header and has no session id. Values in, values out; any number of sessions may share one.
/// <para>
/// Two TLVs are asked for. <b>Follow-Up Telemetry</b> brings the kernel's time of the reply before, and thereby the proof that the reflector
/// counts its replies: equal numbers at both ends prove nothing, so without it nobody can say that what is lost was lost on the way
/// back. <b>Class of Service</b> brings the code point with which the request arrived.
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

    private readonly StampKeyRing? _keys;
    private readonly StampMode _mode;
    private readonly bool _isTwamp;
    private readonly bool _asksFollowUp;
    private readonly bool _asksClass;

    private StampForm(StampKeyRing? keys, int length, bool isTwamp, StampErrorEstimate estimate)
    {
        (_keys, _isTwamp, Length, ErrorEstimate) = (keys, isTwamp, length, estimate.WithFormat(StampTimestampFormat.Ntp));
        _mode = keys is null ? StampMode.Unauthenticated : StampMode.Authenticated;
        var room = isTwamp ? 0 : length - StampWire.LengthOf(_mode) - (keys is null ? 0 : MacLength);
        _asksFollowUp = HasRoom(room, FollowUpLength);
        _asksClass = HasRoom(room, FollowUpLength + ClassLength);
    }

    /// <summary>Bytes of a request, and of a reply to it.</summary>
    public int Length { get; }

    /// <summary>How far T1 may be off, for the reflector's information.</summary>
    public StampErrorEstimate ErrorEstimate { get; }

    /// <summary>STAMP (RFC 8762, RFC 8972).</summary>
    /// <param name="keys">Authenticated: the first key signs, all verify. Null: unauthenticated.</param>
    /// <param name="length">UDP payload in bytes, 44 (authenticated 112) to 65,507; what the TLVs leave is padding.</param>
    /// <param name="estimate">How far T1 may be off.</param>
    public static StampForm Stamp(StampKeyRing? keys, int length, StampErrorEstimate estimate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, StampWire.LengthOf(keys is null ? StampMode.Unauthenticated : StampMode.Authenticated));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, StampWire.MaxLength);
        return new StampForm(keys, length, isTwamp: false, estimate);
    }

    /// <summary>TWAMP Light (RFC 5357, appendix I), unauthenticated.</summary>
    /// <param name="length">UDP payload in bytes, 14 to 65,507; replies may be longer where it is below 41.</param>
    public static StampForm Twamp(int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, StampWire.TwampRequestLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, StampWire.MaxLength);
        return new StampForm(null, length, isTwamp: true, StampErrorEstimate.Unknown);
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
    public StampReadError TryRead(ReadOnlySpan<byte> datagram, ushort ssid, WallTime now, MonoTime arrived, out StampReading reading)
    {
        reading = default;
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
        if (_asksFollowUp)
        {
            ReadTlvs(view, key, now, ref reading);
        }

        return StampReadError.None;
    }

    /// <summary>
    /// Behind an HMAC TLV padding alone may follow (RFC 8972, section 4.8), and one to three bytes are too few for that: a reflector would
    /// believe none of the TLVs. One of them less leaves enough.
    /// </summary>
    private bool HasRoom(int room, int wanted) => room >= wanted && (_keys is null || room - wanted is 0 or >= StampTlv.HeaderLength);

    private void WriteTlvs(Span<byte> rest, SerialNumber sequence, int dscp)
    {
        var tlvs = new StampTlvWriter(rest);
        if (_asksFollowUp)
        {
            tlvs.AddFollowUp();
        }

        if (_asksClass)
        {
            tlvs.AddClassOfService(dscp);
        }

        if (_asksFollowUp && _keys is not null)
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

    private void ReadTlvs(in StampReflectorView view, int key, WallTime now, ref StampReading reading)
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
        }
    }

    private static bool TryRead(StampTimestamp timestamp, StampTimestampFormat format, WallTime now, out WallTime time)
    {
        var isSound = timestamp.TryGetNanoseconds(format, now.Nanoseconds, out var nanoseconds);
        time = new WallTime(nanoseconds);
        return isSound;
    }
}
