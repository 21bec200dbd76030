using System.Buffers.Binary;
using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Agent.Sounding;

/// <summary>A session of STAMP, or of TWAMP Light, which differs by its shorter header and has no session id.</summary>
internal sealed class StampSounding : SoundingSession
{
    private const int TlvHeaderLength = 4;
    private const byte ExtraPadding = 1;
    private const byte Unrecognised = 0x80;

    private readonly StampSession _session;
    private readonly StampKeyRing? _keys;
    private readonly StampMode _mode;
    private readonly StampErrorEstimate _errorEstimate;
    private readonly ushort _ssid;
    private readonly bool _isTwamp;

    public StampSounding(SoundingOptions options, ushort ssid)
    {
        _session = new StampSession(options.Interval * options.Flows, options.Timeout, Memory);
        _isTwamp = options.Protocol == SoundingProtocol.Twamp;
        _keys = _isTwamp ? null : options.Keys;
        _mode = _keys is null ? StampMode.Unauthenticated : StampMode.Authenticated;
        _errorEstimate = options.ErrorEstimate.WithFormat(StampTimestampFormat.Ntp);
        _ssid = _isTwamp ? (ushort)0 : ssid;
    }

    public override MonoTime NextExpiry => _session.NextExpiry;

    public override SoundingCounts Counts
    {
        get
        {
            var totals = _session.Totals;
            return new SoundingCounts(
                totals.Sent,
                totals.Answered,
                totals.Late,
                totals.LostForward,
                totals.LostBackward,
                totals.LostUnknown,
                totals.Duplicates,
                totals.Reordered);
        }
    }

    public override bool CountsReplies
    {
        get => _session.Kind == ReflectorKind.Stateful;
        set => _session.NoteKind(value ? ReflectorKind.Stateful : _session.Kind);
    }

    public override void Write(Span<byte> packet, WallTime t1)
    {
        Span<byte> header = stackalloc byte[StampWire.AuthenticatedLength];
        var timestamp = StampTimestamp.FromNanoseconds(t1.Nanoseconds, StampTimestampFormat.Ntp);
        var length = StampWire.WriteRequest(header, _mode, new StampSenderPacket(_session.NextSequence.Value, timestamp, _errorEstimate, _ssid));
        packet.Clear();
        if (_isTwamp)
        {
            // Zeros behind its header are padding to TWAMP and what must be zero to STAMP.
            header[..StampWire.TwampRequestLength].CopyTo(packet);
            return;
        }

        header[..length].CopyTo(packet);
        WritePadding(packet[length..]);
        if (_keys is not null)
        {
            StampMac.SignPacket(_keys[0], packet);
        }
    }

    public override void OnSent(MonoTime now, MonoTime intended, WallTime t1) => _ = _session.OnSent(now, intended, t1);

    public override SoundingReply OnDatagram(ReadOnlySpan<byte> datagram, MonoTime arrived, WallTime now)
    {
        if ((_keys is not null && !StampMac.TryVerifyPacket(_keys, datagram, out _))
            || StampReflectorView.TryCreate(datagram, _mode, out var view) != StampError.None
            || !IsOurSession(view.Ssid)
            || !TryRead(view.SenderTimestamp, StampTimestampFormat.Ntp, now, out var t1)
            || !TryRead(view.ReceiveTimestamp, view.ErrorEstimate.Format, now, out var t2)
            || !TryRead(view.Timestamp, view.ErrorEstimate.Format, now, out var t3))
        {
            return SoundingReply.Strange;
        }

        var reply = new StampReply(new SerialNumber(view.SenderSequence), new SerialNumber(view.Sequence), t1, t2, t3, arrived);
        var decision = _session.OnReply(reply);
        return new SoundingReply(decision.Outcome, decision.Sequence, decision.Elapsed)
        {
            T2 = t2,
            T3 = t3,
            IsSynchronised = view.ErrorEstimate.IsSynchronised,
            HasSessionId = _ssid != 0 && view.Ssid == _ssid,
            StartsEpoch = decision.StartsEpoch,
        };
    }

    public override void Expire(MonoTime now) => _ = _session.Expire(now);

    /// <summary>A reflector without RFC 8972 gives 0; in TWAMP the field must be zero and is to be ignored.</summary>
    private bool IsOurSession(ushort ssid) => _isTwamp || ssid == 0 || ssid == _ssid;

    private static bool TryRead(StampTimestamp timestamp, StampTimestampFormat format, WallTime now, out WallTime time)
    {
        var isSound = timestamp.TryGetNanoseconds(format, now.Nanoseconds, out var nanoseconds);
        time = new WallTime(nanoseconds);
        return isSound;
    }

    /// <summary>What lies beyond the base is an Extra Padding TLV (RFC 8972, section 4.1); up to three bytes have no room for one and stay zero.</summary>
    private static void WritePadding(Span<byte> rest)
    {
        if (rest.Length >= TlvHeaderLength)
        {
            (rest[0], rest[1]) = (Unrecognised, ExtraPadding);
            BinaryPrimitives.WriteUInt16BigEndian(rest[2..], (ushort)(rest.Length - TlvHeaderLength));
        }
    }
}
