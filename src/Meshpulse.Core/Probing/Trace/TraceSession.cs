using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing.Trace;

/// <summary>
/// A trace without its sockets: says what to send and when, and makes a path of what comes back. No I/O; one thread.
/// <para>
/// <b>Flows.</b> Routers choose among parallel links by what a packet's head says. A traceroute that counts up a port therefore sends each
/// probe another way, and puts hops of different ways into one list: links that do not exist, loss that no packet has. Here all probes of a
/// flow look alike to routers (as in Paris traceroute, Augustin et al., 2006), and each flow has a list of its own.
/// </para>
/// <para>
/// <b>Pace.</b> Answering is a favour: many routers, Linux among them, give one such answer a second. So flows take turns, spread over a
/// round; within a turn there are up to 20 ms from hop to hop, and between any two probes 2 ms at least. Where the end of a path is not
/// known, five probes at most wait beyond the last hop that answered, so that a target is not hit by all that was meant for others. A
/// turn that takes longer than its share puts off the next one.
/// </para>
/// <para>
/// <b>Which probe.</b> The id that an answer quotes tells. Routers may quote as little as eight bytes (RFC 792), which in UDP are ports and
/// a length that are all the same: the session then has one probe of a flow under way at a time. Those that were under way together
/// when that was found out can't be told apart; they count as unattributed, neither answered nor lost. (An answer of this kind that is
/// later than the timeout may be taken for that to the next probe.)
/// </para>
/// <para>
/// <b>Hostile answers.</b> The sockets see that what is quoted carries the trace's secret. What is left is bounded: addresses per hop,
/// probes remembered (for the timeout and five seconds, at the pace above), and answers to no probe are counted and nothing else.
/// </para>
/// </summary>
public sealed class TraceSession
{
    private static readonly Duration s_shortestGap = Duration.FromMilliseconds(2);

    private readonly TraceOptions _options;
    private readonly TraceFlow[] _flows;
    private readonly Dictionary<(int Flow, int Id), TraceFlight> _flights = [];
    private readonly Queue<TraceFlight> _undecided = [];
    private readonly Queue<TraceFlight> _remembered = [];
    private MonoTime _mayLeave;
    private int _turn;
    private int _mostUnderWay;
    private bool _isStopped;
    private long _unsent;
    private long _duplicates;
    private long _unknown;

    /// <summary>Begins; the first probe is due at once.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public TraceSession(TraceOptions options, MonoTime now)
    {
        ArgumentNullException.ThrowIfNull(options);
        ThrowUnlessWithin(options.Flows, TraceOptions.MaxFlows, nameof(options));
        ThrowUnlessWithin(options.MaxHops, TraceOptions.HighestTimeToLive, nameof(options));
        ThrowUnlessWithin(options.MostUnderWay, TraceOptions.HighestTimeToLive, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.Interval.Nanoseconds, 0, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.Timeout.Nanoseconds, 0, nameof(options));
        (_options, _mayLeave, _mostUnderWay) = (options, now, options.MostUnderWay);
        _flows = [.. Enumerable.Range(0, options.Flows).Select(n => new TraceFlow(options, n, now + (options.Interval / options.Flows * n)))];
    }

    /// <summary>How long after its timeout an answer is still known as late.</summary>
    public static Duration Memory { get; } = Duration.FromSeconds(5);

    /// <summary>All rounds are sent, or it was stopped, and every probe is decided.</summary>
    public bool IsOver => (_isStopped || Array.TrueForAll(_flows, f => f.IsDone)) && NextExpiry == MonoTime.Never;

    /// <summary>When to call again: for a probe to send, or one to give up. <see cref="MonoTime.Never"/> where only answers bring news.</summary>
    public MonoTime NextWake => MonoTime.Min(NextSend, NextExpiry);

    private MonoTime NextSend
    {
        get
        {
            var next = MonoTime.Never;
            foreach (var flow in _flows)
            {
                if (MaySend(flow))
                {
                    next = MonoTime.Min(next, flow.DueAt);
                }
            }

            return next < _mayLeave ? _mayLeave : next;
        }
    }

    private MonoTime NextExpiry
    {
        get
        {
            while (_undecided.TryPeek(out var flight))
            {
                if (flight.IsWaiting)
                {
                    return flight.Sent + _options.Timeout;
                }

                _ = _undecided.Dequeue();
            }

            return MonoTime.Never;
        }
    }

    /// <summary>No more probes; what is under way is waited for.</summary>
    public void Stop() => _isStopped = true;

    /// <summary>Takes a probe that is due. What became of it must be told next: <see cref="OnSent"/> or <see cref="OnRefused"/>.</summary>
    public bool TryTakeProbe(MonoTime now, out TraceProbe probe)
    {
        probe = default;
        for (var i = 0; i < _flows.Length && now >= _mayLeave; i++)
        {
            var flow = _flows[(_turn + i) % _flows.Length];
            if (MaySend(flow) && now >= flow.DueAt && flow.TryTake(now, s_shortestGap, out probe))
            {
                _turn = flow.Number + 1;
                _mayLeave = now + s_shortestGap;
                return true;
            }
        }

        return false;
    }

    /// <summary>The probe left.</summary>
    public void OnSent(TraceProbe probe, MonoTime now)
    {
        Forget(now);
        var flight = new TraceFlight(probe, now);
        // An id can't come round within its memory: at the pace above that takes two minutes.
        _flights[(probe.Flow, probe.Id)] = flight;
        _undecided.Enqueue(flight);
        _remembered.Enqueue(flight);
        _flows[probe.Flow].OnSent(flight);
    }

    /// <summary>This host refused to send the probe. Where it was the first of a turn, so would be the others: the turn ends.</summary>
    public void OnRefused(TraceProbe probe, MonoTime now)
    {
        _unsent++;
        if (probe.TimeToLive == 1)
        {
            _flows[probe.Flow].EndTurn(now);
        }
    }

    /// <summary>Takes an answer.</summary>
    public TraceOutcome OnAnswer(in TraceAnswer answer)
    {
        if (answer.Flow < 0 || answer.Flow >= _flows.Length || answer.Kind == TraceAnswerKind.None)
        {
            _unknown++;
            return TraceOutcome.Unknown;
        }

        var flow = _flows[answer.Flow];
        if (answer.Id is null)
        {
            return TakeShort(flow, answer);
        }

        if (!_flights.TryGetValue((answer.Flow, answer.Id.Value), out var flight))
        {
            _unknown++;
            return TraceOutcome.Unknown;
        }

        return Take(flow, flight, answer);
    }

    /// <summary>Gives up the probes whose timeout has passed.</summary>
    public void Expire(MonoTime now)
    {
        while (NextExpiry <= now)
        {
            var flight = _undecided.Dequeue();
            var flow = _flows[flight.Probe.Flow];
            flow.Decide(flight);
            flow.CellAt(flight.Probe.TimeToLive).Lost();
        }
    }

    /// <summary>What was found so far.</summary>
    public TraceReport Report()
    {
        var hops = new List<TraceHop>();
        var last = _flows.Max(f => f.End ?? Math.Min(f.LastAnswer + 1, _options.MaxHops));
        for (var timeToLive = 1; timeToLive <= last; timeToLive++)
        {
            var seen = _flows.Select(f => f.Report(timeToLive)).OfType<TraceFlowHop>().ToList();
            if (seen.Count > 0)
            {
                hops.Add(new TraceHop(timeToLive, seen));
            }
        }

        return new TraceReport
        {
            Hops = WithVerdicts(hops),
            Paths = [.. _flows.Select(f => new TracePath(f.Number, f.End, f.EndKind == TraceAnswerKind.Destination, f.EndRefusal, Math.Min(f.LastAnswer, f.End ?? f.LastAnswer)))],
            Counts = _flows.Aggregate(default(TraceCounts), (sum, flow) => sum + flow.Total()),
            Rounds = _flows.Min(f => f.Turns),
            AskedUpTo = _flows.Max(f => f.AskedUpTo),
            Unsent = _unsent,
            Duplicates = _duplicates,
            Unknown = _unknown,
            IsSerial = _mostUnderWay < _options.MostUnderWay,
        };
    }

    /// <summary>A hop that loses more than the least of those behind it loses answers, not traffic.</summary>
    private static List<TraceHop> WithVerdicts(List<TraceHop> hops)
    {
        var least = double.PositiveInfinity;
        for (var i = hops.Count - 1; i >= 0; i--)
        {
            if (hops[i].Counts.Loss is { } loss)
            {
                hops[i] = hops[i] with { IsLikelyRateLimited = loss > least };
                least = Math.Min(least, loss);
            }
        }

        return hops;
    }

    private bool MaySend(TraceFlow flow) => !_isStopped && !flow.IsDone && flow.HasRoom(_mostUnderWay);

    private TraceOutcome TakeShort(TraceFlow flow, in TraceAnswer answer)
    {
        _mostUnderWay = 1;
        if (flow.Waiting.Count == 1)
        {
            return Take(flow, flow.Waiting[0], answer);
        }

        if (flow.Waiting.Count == 0)
        {
            _unknown++;
            return TraceOutcome.Unknown;
        }

        foreach (var flight in flow.Waiting.ToArray())
        {
            flow.Decide(flight);
            flow.CellAt(flight.Probe.TimeToLive).Unattributed();
            _ = _flights.Remove((flight.Probe.Flow, flight.Probe.Id));
        }

        return TraceOutcome.Ambiguous;
    }

    private TraceOutcome Take(TraceFlow flow, TraceFlight flight, in TraceAnswer answer)
    {
        if (flight.IsAnswered)
        {
            _duplicates++;
            return TraceOutcome.Duplicate;
        }

        var (timeToLive, delay) = (flight.Probe.TimeToLive, Duration.Max(answer.Arrived - flight.Sent, Duration.Zero));
        var (cell, wasWaiting) = (flow.CellAt(timeToLive), flight.IsWaiting);
        flight.IsAnswered = true;
        flow.Decide(flight);
        flow.Learn(timeToLive, answer);
        // By its arrival: the thread may come round to reading it only after it gave the probe up.
        if (delay <= _options.Timeout)
        {
            cell.Answered(answer, delay, wasLost: !wasWaiting);
            return TraceOutcome.Answered;
        }

        cell.Late(answer, wasLost: !wasWaiting);
        return TraceOutcome.Late;
    }

    private void Forget(MonoTime now)
    {
        while (_remembered.TryPeek(out var flight) && now > flight.Sent + _options.Timeout + Memory && !flight.IsWaiting)
        {
            _ = _remembered.Dequeue();
            if (_flights.TryGetValue((flight.Probe.Flow, flight.Probe.Id), out var known) && ReferenceEquals(known, flight))
            {
                _ = _flights.Remove((flight.Probe.Flow, flight.Probe.Id));
            }
        }
    }

    private static void ThrowUnlessWithin(int value, int highest, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, highest, name);
    }
}
