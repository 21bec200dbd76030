using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Sounding;

/// <summary>A session of STAMP, or of TWAMP Light.</summary>
internal sealed class StampSounding : SoundingSession
{
    private readonly StampSession _session;
    private readonly ExchangeHold _hold = new();
    private readonly StampForm _form;
    private readonly ushort _ssid;
    private readonly int _dscp;
    private readonly StampDirectTally _tally = new();
    private StampTold _told;

    /// <param name="options">Interval, timeout and code point.</param>
    /// <param name="form">What the packets look like.</param>
    /// <param name="ssid">The session's id.</param>
    public StampSounding(SoundingOptions options, StampForm form, ushort ssid)
    {
        _session = new StampSession(options.Interval * options.Flows, options.Timeout, Memory);
        (_form, _ssid, _dscp) = (form, ssid, options.Dscp);
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

    public override StampTold Told => _told;

    public override SoundingDirect? Direct => _tally.Last is { } last
        ? new SoundingDirect(last.SenderTransmitted, last.ReflectorReceived, last.ReflectorTransmitted, _tally.LostForward, _tally.LostBackward)
        : null;

    public override bool CountsReplies
    {
        get => _session.Kind == ReflectorKind.Stateful;
        set => _session.NoteKind(value ? ReflectorKind.Stateful : _session.Kind);
    }

    public override void Write(Span<byte> packet, WallTime t1) => _form.Write(packet, _session.NextSequence, t1, _ssid, _dscp);

    public override void OnSent(MonoTime now, MonoTime intended, WallTime t1) => _ = _session.OnSent(now, intended, t1);

    public override void OnSendStamp(uint id, WallTime stamp) => _session.OnSendStamp(new SerialNumber(id), stamp);

    public override SoundingReply OnDatagram(in PathArrival arrival, ReadOnlySpan<byte> datagram)
    {
        if (_form.TryRead(datagram, _ssid, arrival.T4, arrival.Arrived, out var reading, out var told) != StampReadError.None)
        {
            return SoundingReply.Strange;
        }

        var decision = _session.OnReply(reading.Reply);
        CountsReplies |= reading.FollowUp is not null;
        Note(told, decision);
        var isReady = TryExchange(arrival, reading, decision, out var ready);
        return new SoundingReply(decision.Outcome, decision.Elapsed)
        {
            Exchange = isReady ? ready : null,
            Reading = reading,
            StartsEpoch = decision.StartsEpoch,
        };
    }

    public override void Expire(MonoTime now) => _ = _session.Expire(now);

    public override bool TryRelease(MonoTime now, out PathExchange exchange) => _hold.TryRelease(now, out exchange);

    private void Note(in StampTold told, in StampDecision decision)
    {
        // What answers nothing we sent may be anybody's.
        if (decision.Outcome is StampOutcome.Unknown or StampOutcome.Forged)
        {
            return;
        }

        _told = _told.With(told);
        if (told.Direct is { } counters)
        {
            _tally.Add(counters, decision.Outcome == StampOutcome.Duplicate, decision.StartsEpoch);
        }
    }

    private bool TryExchange(in PathArrival arrival, in StampReading reading, in StampDecision decision, out PathExchange ready)
    {
        ready = default;
        return decision.Outcome == StampOutcome.Answered
            && _hold.TryExchange(PathExchange.Of(flow: 0, arrival, reading, decision), reading, out ready);
    }
}
