using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing;

/// <summary>
/// Turns reads of a heartbeat stream into arrivals.
/// <para>
/// The problem: TCP keeps no packet borders, and the kernel keeps one receive stamp per read, that of the last bytes. A
/// reader that slept for 50 ms finds ten heartbeats with one stamp. The obvious ways both lie: giving all ten that stamp
/// shows a 50 ms gap of the network that was our own sleep, and the reader's clock shows the same.
/// </para>
/// <para>
/// What we do: the last heartbeat of a read has the stamp. The ones before it came between our last look, when the socket
/// was empty, and that stamp. Where that is a short time they travelled together and the stamp is good enough for all.
/// Where it is long we were late ourselves, and each is placed where the sender's own stamps put it, kept inside those
/// bounds: a stall of the network still shows as a stall, for the bound holds it, and ours does not.
/// </para>
/// </summary>
public struct ArrivalTracker
{
    private readonly Duration _bunchSpan;
    private MonoTime _last;
    private long _lastStamp;
    private bool _hasLast;

    /// <summary>A tracker for one connection.</summary>
    /// <param name="bunchSpan">How far apart two looks at the socket are when the reader is on time.</param>
    public ArrivalTracker(Duration bunchSpan) => _bunchSpan = bunchSpan;

    /// <summary>When the last heartbeat came; meaningless before the first.</summary>
    public readonly MonoTime Last => _last;

    /// <summary>True once a heartbeat came.</summary>
    public readonly bool HasLast => _hasLast;

    /// <summary>Takes the next heartbeat of a read.</summary>
    /// <param name="moment">What is known of the read.</param>
    /// <param name="stampMicroseconds">The sender's stamp in the heartbeat; any value.</param>
    /// <param name="isLast">True for the last heartbeat of the read.</param>
    /// <param name="isAlone">True where it is the read's only one.</param>
    public HeartbeatArrival Take(in ReadMoment moment, long stampMicroseconds, bool isLast, bool isAlone)
    {
        var late = moment.Arrived - moment.LookedBefore > _bunchSpan;
        var arrived = isLast || !late || !_hasLast ? moment.Arrived : Place(moment, stampMicroseconds);
        if (_hasLast && arrived < _last)
        {
            arrived = _last;
        }

        var quality = isAlone ? ArrivalQuality.Stamped : late ? ArrivalQuality.Reconstructed : ArrivalQuality.Bunched;
        var wall = moment.ArrivedWall - (moment.Arrived - arrived);
        var arrival = new HeartbeatArrival(_hasLast ? arrived - _last : null, wall - WallTime.FromMicroseconds(stampMicroseconds), quality) { At = arrived };
        _last = arrived;
        _lastStamp = stampMicroseconds;
        _hasLast = true;
        return arrival;
    }

    private readonly MonoTime Place(in ReadMoment moment, long stampMicroseconds)
    {
        // The stamps are the peer's and may be anything: compute wide, then keep within the bounds.
        var distance = ((Int128)stampMicroseconds - _lastStamp) * 1_000;
        var earliest = Math.Max(moment.LookedBefore.Nanoseconds, _last.Nanoseconds);
        var latest = Math.Max(moment.Arrived.Nanoseconds, earliest);
        return new MonoTime((long)Int128.Clamp(_last.Nanoseconds + distance, earliest, latest));
    }
}
