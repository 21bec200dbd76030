using Meshpulse.Core.Config;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Probing.Ping;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Echo;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.UdpPing;

namespace Meshpulse.Core.Checks;

/// <summary>
/// All checks of one server, without a socket, a clock or a thread; the counterpart of <see cref="Membership"/>'s node, and run
/// by the same probing thread.
/// <para>
/// A turn is: whatever the transport has (<see cref="OnDatagram"/>, <see cref="OnEcho"/>, <see cref="OnConnected"/> and so
/// on), then <see cref="TrySendNext"/> until it says no, then sleep until <see cref="NextWake"/>. Reading comes before judging: what
/// waited in the sockets while we did not run is taken in before anything is called lost.
/// </para>
/// <para>
/// <b>When probes are due.</b> Each probe has a grid of its own that never moves, at an offset of its own within the interval
/// (<see cref="GridSpread"/>). A queue ordered by the next due moment serves any mixture of intervals.
/// </para>
/// <para>
/// <b>What requests are called.</b> A session counts its requests from 1, and so does the wire, as the original does. But a probe that takes the
/// socket and target of one that was taken away, or whose settings changed, goes on from where that one ended: else answers still on
/// their way would be taken for its own, and measure nonsense until both have run dry.
/// </para>
/// Not thread-safe: one thread owns it.
/// </summary>
public sealed class CheckNode
{
    /// <summary>TCP connections under way at once; beyond them probes are unsent.</summary>
    public const int MaxAttempts = 4096;

    /// <summary>
    /// From adding a probe to the beginning of its grid: a machine begins to stamp arrivals a moment after the first socket
    /// asks for it, and what comes without a stamp looks as late as our reading is.
    /// </summary>
    public static readonly Duration Settle = Duration.FromMilliseconds(100);

    private static readonly Duration s_lookInterval = Duration.FromMilliseconds(10);
    // Above this a loss is looked for when it is due, and not when the next probe is.
    private static readonly Duration s_slowInterval = Duration.FromMilliseconds(100);

    private readonly ICheckTransport _transport;
    private readonly ICheckObserver _observer;
    private readonly ProbeDirectory _directory;
    private readonly AttemptTable _attempts = new(MaxAttempts);
    private readonly Dictionary<int, CheckProbe> _probes = [];
    private readonly PriorityQueue<CheckProbe, long> _due = new();
    private readonly byte[] _buffer = new byte[UdpPingWire.MaxLength];
    private readonly uint _secret;
    private readonly GridSpread _spread;
    private MonoTime _lastLook;
    private MonoTime _roundEnd;
    private int _withSockets;
    private bool _inRound;

    /// <summary>A node without probes.</summary>
    /// <param name="transport">Its network.</param>
    /// <param name="observer">Who is told what it sees.</param>
    /// <param name="random">For the first offset, and for a secret that outsiders don't know.</param>
    /// <param name="now">The time at which it begins.</param>
    public CheckNode(ICheckTransport transport, ICheckObserver observer, SplitMix64 random, MonoTime now)
    {
        ArgumentNullException.ThrowIfNull(random);
        (_transport, _observer, _lastLook) = (transport, observer, now);
        _directory = new ProbeDirectory(transport);
        _secret = (uint)random.Next();
        _spread = new GridSpread(random.NextDouble());
    }

    /// <summary>How many probes there are.</summary>
    public int Count => _probes.Count;

    /// <summary>When it wants to be called next, whatever comes; <see cref="MonoTime.Never"/> while there is nothing to do.</summary>
    public MonoTime NextWake
    {
        get
        {
            var look = _withSockets > 0 ? _lastLook + s_lookInterval : MonoTime.Never;
            return _due.TryPeek(out _, out var due) ? MonoTime.Min(new MonoTime(due), look) : look;
        }
    }

    /// <summary>Begins to probe.</summary>
    /// <param name="probe">A probe that no node has had.</param>
    /// <param name="target">Where to; null while its name has no address.</param>
    /// <param name="now">The time.</param>
    public void Add(CheckProbe probe, NodeEndpoint? target, MonoTime now)
    {
        ArgumentNullException.ThrowIfNull(probe);
        _probes.Add(probe.Id, probe);
        _withSockets += probe.Settings.Kind == CheckKind.Http ? 0 : 1;
        _directory.Retarget(probe, target);
        probe.Schedule = new SendSchedule(_spread.Next(now + Settle, probe.Settings.Interval), probe.Settings.Interval);
        _due.Enqueue(probe, DueOf(probe));
    }

    /// <summary>Ends a probe; what it has under way is neither answered nor lost. Nothing where there is none of that number.</summary>
    public void Remove(int id)
    {
        if (!_probes.Remove(id, out var probe))
        {
            return;
        }

        _withSockets -= probe.Settings.Kind == CheckKind.Http ? 0 : 1;
        _due.Remove(probe, out _, out _);
        _directory.Retarget(probe, null);
        while (probe.Attempts?.TryPeek(_attempts, out var attempt) == true)
        {
            End(attempt.Number);
        }
    }

    /// <summary>A probe's name has another address, or none any more; its grid and its numbers go on.</summary>
    public void SetTarget(int id, NodeEndpoint? target)
    {
        if (_probes.TryGetValue(id, out var probe))
        {
            _directory.Retarget(probe, target);
        }
    }

    /// <summary>The sockets are about to be read.</summary>
    public void OnLook(MonoTime now) => _lastLook = now;

    /// <summary>A UDP datagram came.</summary>
    /// <param name="channel">By which channel.</param>
    /// <param name="remote">Whom it is from.</param>
    /// <param name="datagram">The bytes, any at all.</param>
    /// <param name="arrived">When it arrived.</param>
    public void OnDatagram(int channel, NodeEndpoint remote, ReadOnlySpan<byte> datagram, MonoTime arrived)
    {
        if (UdpPingWire.TryRead(datagram, out var message) != UdpPingError.None || message.Type != UdpPingType.Response)
        {
            _observer.OnStray(StrayKind.Malformed, remote);
        }
        else if (_directory.Find(channel, remote) is not { } probe)
        {
            _observer.OnStray(StrayKind.WrongAddress, remote);
        }
        else
        {
            _observer.OnDecided(probe.Id, probe.Session!.OnReply(message.Id - probe.IdBase, arrived), 0);
        }
    }

    /// <summary>An answer to an ICMP echo of ours came.</summary>
    /// <param name="remote">Whom it is from; its port does not matter.</param>
    /// <param name="payload">What it brought back, any bytes at all.</param>
    /// <param name="arrived">When it arrived.</param>
    public void OnEcho(NodeEndpoint remote, ReadOnlySpan<byte> payload, MonoTime arrived)
    {
        if (!EchoPayload.TryRead(payload, _secret, out var id, out var request)
            || !_probes.TryGetValue((int)id, out var probe) || probe.Settings.Kind != CheckKind.Icmp)
        {
            _observer.OnStray(StrayKind.Malformed, remote);
        }
        else if (probe.Target is not { } target || !target.SameAddress(remote))
        {
            _observer.OnStray(StrayKind.WrongAddress, remote);
        }
        else
        {
            _observer.OnDecided(probe.Id, probe.Session!.OnReply(request - probe.IdBase, arrived), 0);
        }
    }

    /// <summary>An ICMP error came about something that was sent. It may be forged, so it decides nothing.</summary>
    /// <param name="channel">By which channel it was sent.</param>
    /// <param name="destination">Where to.</param>
    /// <param name="error">The system's error number.</param>
    public void OnIcmpError(int channel, NodeEndpoint destination, int error)
    {
        if (_directory.Find(channel, destination) is { } probe)
        {
            _observer.OnIcmpError(probe.Id, error);
        }
    }

    /// <summary>A TCP connection stands; it is dropped.</summary>
    /// <param name="attempt">Which.</param>
    /// <param name="handshake">The time from SYN to SYN-ACK as the kernel saw it; null where it does not say.</param>
    /// <param name="now">When it was noticed.</param>
    public void OnConnected(int attempt, Duration? handshake, MonoTime now)
    {
        if (!_attempts.TryGet(attempt, out var probe, out var startedAt))
        {
            return;
        }

        End(attempt);
        var latency = handshake ?? now - startedAt;
        _observer.OnDecided(
            probe.Id,
            latency <= probe.Settings.Timeout
                ? new PingDecision(PingOutcome.Answered, latency, now)
                : new PingDecision(PingOutcome.Lost, Duration.Zero, startedAt + probe.Settings.Timeout),
            0);
    }

    /// <summary>A TCP connection failed.</summary>
    /// <param name="attempt">Which.</param>
    /// <param name="error">The system's error number.</param>
    /// <param name="now">When it was noticed.</param>
    public void OnConnectFailed(int attempt, int error, MonoTime now)
    {
        if (_attempts.TryGet(attempt, out var probe, out _))
        {
            End(attempt);
            _observer.OnDecided(probe.Id, new PingDecision(PingOutcome.Lost, Duration.Zero, now), error);
        }
    }

    /// <summary>
    /// Sees to the next probe that was due when the round began: what it waits for too long is lost, and it is sent. False ends the
    /// round; what becomes due meanwhile waits for the next one, so that a host too slow for its probes still comes to read.
    /// </summary>
    /// <param name="now">Read anew for each.</param>
    public bool TrySendNext(MonoTime now)
    {
        if (!_inRound)
        {
            (_inRound, _roundEnd) = (true, now);
        }

        if (!_due.TryPeek(out var probe, out var due) || due > _roundEnd.Nanoseconds)
        {
            _inRound = false;
            return false;
        }

        Expire(probe, now);
        if (probe.TryTake(now, out var slot))
        {
            Send(probe, slot, now);
        }

        _due.DequeueEnqueue(probe, DueOf(probe));
        return true;
    }

    private void Expire(CheckProbe probe, MonoTime now)
    {
        while (probe.Session?.TryExpire(now, out var lost) == true)
        {
            _observer.OnDecided(probe.Id, lost, 0);
        }

        var timeout = probe.Settings.Timeout;
        while (probe.Attempts?.TryPeek(_attempts, out var attempt) == true && now - attempt.StartedAt >= timeout)
        {
            End(attempt.Number);
            _observer.OnDecided(probe.Id, new PingDecision(PingOutcome.Lost, Duration.Zero, attempt.StartedAt + timeout), 0);
        }
    }

    private void Send(CheckProbe probe, in SendSlot slot, MonoTime now)
    {
        if (slot.Skipped > 0)
        {
            _observer.OnUnsent(probe.Id, UnsentCause.Late, slot.Skipped, 0);
        }

        if (probe.Settings.Kind != CheckKind.Http && probe.Target is null)
        {
            _observer.OnUnsent(probe.Id, UnsentCause.Unresolved, 1, 0);
            return;
        }

        var sent = probe.Settings.Kind switch
        {
            CheckKind.UdpPing => SendPing(probe, now),
            CheckKind.Icmp => SendEcho(probe, now),
            CheckKind.Tcp => Connect(probe, now),
            _ => _transport.Fetch(probe.Id),
        };
        if (sent.Outcome == ProbeSendOutcome.Sent)
        {
            _observer.OnSent(probe.Id, slot);
        }
        else
        {
            var cause = sent.Outcome == ProbeSendOutcome.Backpressure ? UnsentCause.Backpressure : UnsentCause.Refused;
            _observer.OnUnsent(probe.Id, cause, 1, sent.Error);
        }
    }

    private ProbeSend SendPing(CheckProbe probe, MonoTime now)
    {
        var length = UdpPingWire.WriteRequest(_buffer, probe.IdBase + probe.Session!.NextId, probe.Settings.Payload);
        return Send(probe, _buffer.AsSpan(0, length), now);
    }

    private ProbeSend SendEcho(CheckProbe probe, MonoTime now)
    {
        var payload = _buffer.AsSpan(0, probe.Settings.Payload);
        EchoPayload.Write(payload, _secret, (uint)probe.Id, probe.IdBase + probe.Session!.NextId);
        return Send(probe, payload, now);
    }

    private ProbeSend Send(CheckProbe probe, ReadOnlySpan<byte> payload, MonoTime now)
    {
        var session = probe.Session!;
        var sent = _transport.Send(probe.Channel, probe.Target!.Value, session.NextId, payload);
        if (sent.Outcome == ProbeSendOutcome.Sent)
        {
            session.OnSent(now);
        }

        return sent;
    }

    private ProbeSend Connect(CheckProbe probe, MonoTime now)
    {
        var attempt = _attempts.Add(probe, now);
        if (attempt < 0)
        {
            return new ProbeSend(ProbeSendOutcome.Backpressure, 0);
        }

        var sent = _transport.Connect(attempt, probe.Target!.Value, probe.Settings.Dscp);
        if (sent.Outcome == ProbeSendOutcome.Sent)
        {
            probe.Attempts!.Add(attempt, now);
        }
        else
        {
            _attempts.Remove(attempt);
        }

        return sent;
    }

    private void End(int attempt)
    {
        _transport.Abandon(attempt);
        _attempts.Remove(attempt);
    }

    private long DueOf(CheckProbe probe)
    {
        var due = probe.Schedule.NextDue;
        if (probe.Settings.Interval <= s_slowInterval)
        {
            return due.Nanoseconds;
        }

        var expiry = probe.Session?.NextExpiry ?? MonoTime.Never;
        if (probe.Attempts?.TryPeek(_attempts, out var attempt) == true)
        {
            expiry = attempt.StartedAt + probe.Settings.Timeout;
        }

        return MonoTime.Min(due, expiry).Nanoseconds;
    }
}
