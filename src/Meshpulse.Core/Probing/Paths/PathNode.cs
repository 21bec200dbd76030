using Meshpulse.Core.Probing.Ping;
using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Core.Probing.Paths;

/// <summary>
/// All paths that one agent probes by STAMP, without a socket, a clock or a thread; run by the probing thread.
/// <para>
/// A turn is: whatever the transport has (<see cref="OnSendStamp"/> before <see cref="OnDatagram"/>: replies want the times of sending),
/// then <see cref="TrySendNext"/> until it says no, then <see cref="TryEndWindow"/> a few times, then sleep until <see cref="NextWake"/>.
/// </para>
/// <para>
/// <b>Flows.</b> Bundles and equal-cost paths hash addresses and ports: one source port sees one member, and a fault of another stays
/// unseen. So each path has several flows that take turns within one budget, each a STAMP session of its own whose losses are told
/// apart. A packet that this host could not send in time counts as unsent of the flow whose turn it was.
/// </para>
/// <para>
/// <b>Who may not speak STAMP</b> (peers of the mesh that are originals) is asked once a minute, by one packet that counts nowhere. The
/// first answer begins the real probing; a minute without any ends it, and was loss until then.
/// </para>
/// <para>
/// <b>Times of sending</b> by the kernel are asked for as long as that costs little; beyond some thousands a second only every n-th
/// packet of a flow gets one, and then delays are those packets': a figure of kernel times with some of the program's among them would be
/// neither.
/// </para>
/// <para>
/// <b>Sockets that can't be had</b> (an address that is gone, too many files) are asked for again every five seconds by <see cref="TryEndWindow"/>.
/// Until then the probes of the flows that go by them are unsent, by the reason that there is none.
/// </para>
/// Not thread-safe: one thread owns it.
/// </summary>
public sealed class PathNode
{
    /// <summary>From adding a path to the beginning of its grid: a machine begins to stamp a moment after the first socket asks for it.</summary>
    public static readonly Duration Settle = Duration.FromMilliseconds(100);

    /// <summary>How long a target on trial that had answered may be silent until it is only tried again now and then.</summary>
    public static readonly Duration Patience = Duration.FromSeconds(60);

    private static readonly Duration s_second = Duration.FromSeconds(1);
    private static readonly Duration s_lookInterval = Duration.FromMilliseconds(10);
    // Above this a loss is looked for when it is due, and not when the next probe is.
    private static readonly Duration s_slowInterval = Duration.FromMilliseconds(100);

    private readonly IPathTransport _transport;
    private readonly IPathObserver _observer;
    private readonly PathDirectory _directory;
    private readonly GridSpread _spread;
    private readonly Dictionary<int, PathProbe> _paths = [];
    private readonly List<PathProbe> _order = [];
    private readonly PriorityQueue<PathProbe, long> _due = new();
    private readonly PathSender _sender;
    private readonly FlowOpener _flows;
    private MonoTime _lastLook;
    private MonoTime _roundEnd;
    private MonoTime _nextStep;
    private int _toEnd;
    private bool _inRound;

    /// <summary>A node without paths.</summary>
    /// <param name="transport">Its network.</param>
    /// <param name="observer">Who is told what it sees.</param>
    /// <param name="random">For the first offset and the first session id.</param>
    /// <param name="now">The time at which it begins.</param>
    public PathNode(IPathTransport transport, IPathObserver observer, SplitMix64 random, MonoTime now)
    {
        ArgumentNullException.ThrowIfNull(random);
        (_transport, _observer, _lastLook) = (transport, observer, now);
        _directory = new PathDirectory(transport);
        _spread = new GridSpread(random.NextDouble());
        _sender = new PathSender(transport);
        _flows = new FlowOpener(_directory, (ushort)random.Next());
        _nextStep = NextStep(now);
    }

    /// <summary>How many paths there are.</summary>
    public int Count => _paths.Count;

    /// <summary>When it wants to be called next, whatever comes; <see cref="MonoTime.Never"/> while there is nothing to do.</summary>
    public MonoTime NextWake => _due.TryPeek(out _, out var due) ? MonoTime.Min(new MonoTime(due), _lastLook + s_lookInterval) : MonoTime.Never;

    /// <summary>Begins to probe a path.</summary>
    /// <param name="id">Its number, not in use by another.</param>
    /// <param name="settings">How.</param>
    /// <param name="target">The reflector; null while its name has no address.</param>
    /// <param name="begin">When: now, or later.</param>
    public void Add(int id, PathSettings settings, NodeEndpoint? target, MonoTime begin)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var path = new PathProbe(id, settings, target) { LastAnswer = begin, CutAt = LastCut(begin, settings.Window) };
        _paths.Add(id, path);
        _order.Add(path);
        _sender.Add(settings);
        _flows.Open(path, keepsCounts: false, _lastLook);
        Restart(path, begin);
        _due.Enqueue(path, DueOf(path));
    }

    /// <summary>Ends a path; what it has under way is neither answered nor lost. Nothing where there is none of that number.</summary>
    public void Remove(int id)
    {
        if (_paths.Remove(id, out var path))
        {
            _due.Remove(path, out _, out _);
            var index = _order.IndexOf(path);
            _order.RemoveAt(index);
            _toEnd -= index < _toEnd ? 1 : 0;
            _sender.Remove(path.Settings);
            _flows.Close(path);
        }
    }

    /// <summary>A path's name has another address, or none any more: its sessions begin anew, its counts and its grid go on.</summary>
    public void SetTarget(int id, NodeEndpoint? target)
    {
        if (_paths.TryGetValue(id, out var path) && path.Target != target)
        {
            _flows.Close(path);
            path.Target = target;
            _flows.Open(path, keepsCounts: true, _lastLook);
            path.Search?.Continue(path.IsProven ? path.Schedule.NextDue + s_second : MonoTime.Never);
        }
    }

    /// <summary>The sockets are about to be read.</summary>
    public void OnLook(MonoTime now) => _lastLook = now;

    /// <summary>The kernel tells when a packet left.</summary>
    /// <param name="cookie">What went along with it.</param>
    /// <param name="stamp">When, by the wall clock.</param>
    public void OnSendStamp(ulong cookie, WallTime stamp) =>
        _directory.FlowAt((int)(cookie >> 32))?.Session.OnSendStamp(new SerialNumber((uint)cookie), stamp);

    /// <summary>A datagram came.</summary>
    /// <param name="arrival">When and from where.</param>
    /// <param name="datagram">The bytes, any at all.</param>
    public void OnDatagram(in PathArrival arrival, ReadOnlySpan<byte> datagram)
    {
        if (_directory.Find(arrival.Channel, arrival.Remote) is not { } flow)
        {
            _observer.OnStray(isMalformed: false, arrival.Remote);
            return;
        }

        switch (flow.Form.TryRead(datagram, flow.Ssid, arrival.T4, arrival.Arrived, out var reading))
        {
            case StampReadError.None:
                OnReply(flow, arrival, reading);
                break;
            case StampReadError.OtherSession:
                flow.OtherSessions++;
                break;
            default:
                flow.Corrupted++;
                _observer.OnStray(isMalformed: true, arrival.Remote);
                break;
        }
    }

    /// <summary>An ICMP error came about something that was sent. It may be forged, so it decides nothing but the size of the next try.</summary>
    /// <param name="channel">By which channel it was sent.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="error">The system's error number.</param>
    /// <param name="isTooBig">The packet was too big for a link.</param>
    /// <param name="now">The time.</param>
    public void OnIcmpError(int channel, NodeEndpoint destination, int error, bool isTooBig, MonoTime now)
    {
        if (_directory.Find(channel, destination) is not { Path: var path } flow)
        {
            return;
        }

        if (flow != path.Search?.Flow)
        {
            _observer.OnIcmpError(path.Id, error);
        }
        else if (isTooBig)
        {
            path.Search.OnTooBig(now);
        }
    }

    /// <summary>
    /// Sees to the next path that was due when the round began: what it waits for too long is lost, and its next probe is sent. False ends
    /// the round; what becomes due meanwhile waits for the next one, so that a host too slow for its probes still comes to read.
    /// </summary>
    /// <param name="now">Read anew for each: the probe carries it.</param>
    public bool TrySendNext(ClockPairing now)
    {
        if (!_inRound)
        {
            (_inRound, _roundEnd) = (true, now.Mono);
        }

        if (!_due.TryPeek(out var path, out var due) || due > _roundEnd.Nanoseconds)
        {
            _inRound = false;
            return false;
        }

        Expire(path, now.Mono);
        if (path.TryTake(now.Mono, out var slot))
        {
            Send(path, slot, now);
        }
        else if (now.Mono >= path.Search?.NextDue)
        {
            // In a turn of its own: the clock is read for each packet.
            _sender.SendSearch(path, path.Search, now);
        }

        _due.DequeueEnqueue(path, DueOf(path));
        return true;
    }

    /// <summary>Tells of the windows that are over, a path a call; false where all has been told. Asks for missing sockets too.</summary>
    public bool TryEndWindow(MonoTime now)
    {
        _directory.Retry(now);
        if (_toEnd == 0 && now >= _nextStep)
        {
            _nextStep = NextStep(now);
            _toEnd = _order.Count;
        }

        while (_toEnd > 0)
        {
            var path = _order[--_toEnd];
            var until = LastCut(_nextStep - PathSettings.WindowStep, path.Settings.Window);
            if (until > path.CutAt)
            {
                path.CutAt = until;
                TellGap(path, until);
                if (path.IsProven)
                {
                    EndWindow(path, until);
                    return true;
                }
            }
        }

        return false;
    }

    private void TellGap(PathProbe path, MonoTime until)
    {
        var gap = path.GapAt(until);
        if (gap.Missing > 0 || path.HasGap)
        {
            path.HasGap = gap.Missing > 0;
            _observer.OnSocketGap(path.Id, gap);
        }
    }

    private void EndWindow(PathProbe path, MonoTime until)
    {
        foreach (var flow in path.Flows)
        {
            NoteDrops(flow);
            _observer.OnTotals(path.Id, flow.Totals);
        }

        _observer.OnWindow(path.Id, new PathMoment(until, path.Search?.Figures ?? default) { SilentSince = path.SilentSince });
    }

    private void NoteDrops(PathFlow flow)
    {
        if (flow.Channel is { IsOpen: true } channel)
        {
            flow.ReceiveDrops = _transport.DropsOf(channel.Number) - flow.DropsAtFirst;
        }
    }

    private void OnReply(PathFlow flow, in PathArrival arrival, in StampReading reading)
    {
        var path = flow.Path;
        var decision = flow.Session.OnReply(reading.Reply);
        if (flow == path.Search?.Flow)
        {
            path.Search.OnReply(decision, arrival.Arrived);
            return;
        }

        if (decision.Outcome is StampOutcome.Answered or StampOutcome.Late)
        {
            path.LastAnswer = arrival.Arrived;
            path.SilentSince = null;
            if (!path.IsProven)
            {
                Prove(path, arrival.Arrived);
                return;
            }
        }

        if (flow.Session.Kind != ReflectorKind.Stateful && reading.FollowUp is not null)
        {
            flow.Session.NoteKind(ReflectorKind.Stateful);
        }

        if (flow.Session.Kind == ReflectorKind.Stateful)
        {
            path.NoteCounting();
        }

        TellReply(flow, arrival, reading, decision);
    }

    private void TellReply(PathFlow flow, in PathArrival arrival, in StampReading reading, in StampDecision decision)
    {
        var exchange = PathExchange.Of(flow.Index, arrival, reading, decision);
        var outcome = decision.Outcome switch
        {
            StampOutcome.Answered => PingOutcome.Answered,
            StampOutcome.Late => PingOutcome.Late,
            StampOutcome.Duplicate => PingOutcome.Duplicate,
            _ => PingOutcome.Unknown,
        };
        var latency = exchange.Clocks.IsConsistent ? exchange.Clocks.RoundTrip : decision.Elapsed;
        var decidedAt = decision.TakesBackLoss ? decision.SentAt + flow.Path.Settings.Timeout : arrival.Arrived;
        _observer.OnDecided(flow.Path.Id, new PingDecision(outcome, latency, decidedAt, decision.TakesBackLoss));
        if (decision.Outcome != StampOutcome.Answered || flow.IsLarge)
        {
            return;
        }

        if (!_sender.IsStamped(flow, decision.Sequence))
        {
            // No delays are made of it; but it may say when the one before it left.
            flow.Hold.Note(reading);
        }
        else if (flow.Hold.TryExchange(exchange, reading, out var ready))
        {
            _observer.OnExchange(flow.Path.Id, ready);
        }
    }

    private void Expire(PathProbe path, MonoTime now)
    {
        if (now >= path.NextExpiry)
        {
            ExpireFlows(path, now);
        }

        path.Search?.Expire(now, path.LastAnswer);
        if (path is { IsProven: true, Settings.TrialInterval: not null } && now - path.LastAnswer > Patience)
        {
            Doubt(path, now);
        }
    }

    private void ExpireFlows(PathProbe path, MonoTime now)
    {
        // What is sent from now on is not lost before.
        var latest = now + Duration.Min(path.Settings.Timeout, s_second);
        path.NextExpiry = latest;
        for (var i = 0; i < path.Flows.Length; i++)
        {
            ref var expiry = ref path.Expiries[i];
            if (now >= expiry)
            {
                Expire(path.Flows[i], now);
                expiry = MonoTime.Min(latest, ExpiryOf(path.Flows[i]));
            }

            path.NextExpiry = MonoTime.Min(path.NextExpiry, expiry);
        }
    }

    private void Expire(PathFlow flow, MonoTime now)
    {
        var path = flow.Path;
        while (flow.Session.TryExpire(now, out var sentAt))
        {
            if (path.IsProven)
            {
                _observer.OnDecided(path.Id, new PingDecision(PingOutcome.Lost, Duration.Zero, sentAt + path.Settings.Timeout));
            }
        }

        if (flow.Hold.TryRelease(now, out var ready))
        {
            _observer.OnExchange(path.Id, ready);
        }
    }

    private void Send(PathProbe path, in SendSlot slot, ClockPairing now)
    {
        var flow = path.NextFlow(path.IsProven ? slot.Skipped : 0);
        if (flow.IsLarge && (!path.IsProven || now.Mono < flow.RestsUntil))
        {
            flow = path.NextFlow(0);
        }

        Expire(flow, now.Mono);
        if (slot.Skipped > 0 && path.IsProven)
        {
            _observer.OnUnsent(path.Id, UnsentCause.Late, slot.Skipped, 0);
        }

        if (path.Target is null)
        {
            flow.Unsent += path.IsProven ? 1u : 0;
            _observer.OnUnsent(path.Id, UnsentCause.Unresolved, 1, 0);
            return;
        }

        var sent = _sender.Send(flow, flow.Form, now, slot.Intended);
        if (!path.IsProven)
        {
            return;
        }

        if (flow.IsLarge && sent.Outcome == ProbeSendOutcome.Refused)
        {
            // Larger than the interface: nobody wanted it to leave.
            flow.RestsUntil = now.Mono + Patience;
            return;
        }

        if (sent.Outcome == ProbeSendOutcome.Sent)
        {
            path.SilentSince ??= now.Mono;
            _observer.OnSent(path.Id, slot);
            return;
        }

        flow.Unsent++;
        var cause = sent.Outcome == ProbeSendOutcome.Backpressure ? UnsentCause.Backpressure : UnsentCause.Refused;
        _observer.OnUnsent(path.Id, cause, 1, flow.Channel!.IsOpen ? sent.Error : 0);
    }

    private void Prove(PathProbe path, MonoTime now)
    {
        path.IsProven = true;
        path.SilentSince = null;
        _flows.Close(path);
        _flows.Open(path, keepsCounts: false, _lastLook);
        Reschedule(path, now);
        _observer.OnProven(path.Id, speaks: true, now);
    }

    private void Doubt(PathProbe path, MonoTime now)
    {
        path.IsProven = false;
        _flows.Close(path);
        _flows.Open(path, keepsCounts: true, _lastLook);
        // The path is at the head of the queue and is put back by who called.
        Restart(path, now);
        _observer.OnProven(path.Id, speaks: false, now);
    }

    private void Reschedule(PathProbe path, MonoTime now)
    {
        _due.Remove(path, out _, out _);
        Restart(path, now);
        _due.Enqueue(path, DueOf(path));
    }

    private void Restart(PathProbe path, MonoTime now)
    {
        var interval = path.IsProven ? path.Settings.Interval : path.Settings.TrialInterval!.Value;
        path.Schedule = new SendSchedule(_spread.Next(now + Settle, interval), interval);
        path.Search?.Continue(path.IsProven ? path.Schedule.NextDue + s_second : MonoTime.Never);
    }

    private static MonoTime NextStep(MonoTime now) => LastCut(now, PathSettings.WindowStep) + PathSettings.WindowStep;

    /// <summary>All windows of one length end together, at whole multiples of it.</summary>
    private static MonoTime LastCut(MonoTime now, Duration window) => new(now.Nanoseconds / window.Nanoseconds * window.Nanoseconds);

    private static long DueOf(PathProbe path)
    {
        var due = MonoTime.Min(path.Schedule.NextDue, path.Search?.NextDue ?? MonoTime.Never);
        var interval = path.IsProven ? path.Settings.Interval : Duration.MaxValue;
        if (interval > s_slowInterval)
        {
            foreach (var flow in path.Flows)
            {
                due = MonoTime.Min(due, ExpiryOf(flow));
            }
        }

        if (path.Search is { IsUnderWay: true, Flow: { } search })
        {
            due = MonoTime.Min(due, ExpiryOf(search));
        }

        return due.Nanoseconds;
    }

    /// <summary>A request is lost after its timeout, not at it.</summary>
    private static MonoTime ExpiryOf(PathFlow flow) =>
        flow.Session.NextExpiry is var expiry && expiry < MonoTime.Never ? expiry + new Duration(1) : MonoTime.Never;
}
