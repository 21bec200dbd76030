using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Probing.Ping;
using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Time;
using Meshpulse.Wire.UdpPing;

namespace Meshpulse.Agent.Sounding;

/// <summary>The pings of mehsh. A response names its request and nothing else: whatever is lost, nobody knows where.</summary>
/// <param name="options">How long requests wait.</param>
/// <param name="firstId">The id before the first; not to be guessed, since an id is all that a forger needs.</param>
internal sealed class PingSounding(SoundingOptions options, ulong firstId) : SoundingSession
{
    private readonly PingSession _session = new(options.Interval * options.Flows, options.Timeout, Memory);
    private readonly SendTimes _times = new(options.Interval * options.Flows, options.Timeout + Memory);
    private SoundingCounts _counts;
    private long _highest = -1;

    public override MonoTime NextExpiry => _session.NextExpiry;

    public override SoundingCounts Counts => _counts;

    public override void Write(Span<byte> packet, WallTime t1) =>
        _ = UdpPingWire.WriteRequest(packet, unchecked(firstId + _session.NextId), packet.Length);

    public override void OnSent(MonoTime now, MonoTime intended, WallTime t1)
    {
        // Makes room in the ring where that is full.
        Expire(now);
        _session.OnSent(now);
        _times.Add(t1, now);
        _counts = _counts with { Sent = _counts.Sent + 1 };
    }

    public override void OnSendStamp(uint id, WallTime stamp) => _times.Stamp(id, stamp);

    public override SoundingReply OnDatagram(in PathArrival arrival, ReadOnlySpan<byte> datagram)
    {
        if (UdpPingWire.TryRead(datagram, out var message) != UdpPingError.None || message.Type != UdpPingType.Response)
        {
            return SoundingReply.Strange;
        }

        var id = unchecked(message.Id - firstId);
        var decision = _session.OnReply(id, arrival.Arrived);
        var sequence = (long)id - 1;
        switch (decision.Outcome)
        {
            case PingOutcome.Answered:
                Count(sequence, decision, late: 0);
                return Answer(sequence, decision.Latency, arrival);
            case PingOutcome.Late:
                Count(sequence, decision, late: 1);
                return new SoundingReply(StampOutcome.Late, decision.Latency);
            case PingOutcome.Duplicate:
                _counts = _counts with { Duplicates = _counts.Duplicates + 1 };
                return new SoundingReply(StampOutcome.Duplicate, Duration.Zero);
            default:
                return SoundingReply.Strange;
        }
    }

    public override void Expire(MonoTime now)
    {
        while (_session.TryExpire(now, out _))
        {
            _counts = _counts with { LostUnknown = _counts.LostUnknown + 1 };
        }
    }

    private SoundingReply Answer(long sequence, Duration elapsed, in PathArrival arrival)
    {
        var (sent, roundTrip) = (_times.Find(sequence), elapsed);
        var stamps = arrival.IsStamped ? PathStamps.Receive : PathStamps.None;
        if (sent is { Stamp: { } stamp } times && arrival.Arrived - (times.Sent + (stamp - times.Read)) is var better && better >= Duration.Zero)
        {
            (stamps, roundTrip) = (stamps | PathStamps.Send, better);
        }

        return new SoundingReply(StampOutcome.Answered, elapsed) { RoundTrip = roundTrip, Stamps = stamps };
    }

    private void Count(long sequence, PingDecision decision, int late)
    {
        _counts = _counts with
        {
            Answered = _counts.Answered + 1 - late,
            Late = _counts.Late + late,
            LostUnknown = _counts.LostUnknown - (decision.TakesBackLoss ? 1 : 0),
            Reordered = _counts.Reordered + (sequence < _highest ? 1 : 0),
        };
        _highest = Math.Max(_highest, sequence);
    }
}
