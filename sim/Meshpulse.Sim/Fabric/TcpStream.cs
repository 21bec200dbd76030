using Meshpulse.Core.Time;
using Meshpulse.Sim.Network;

namespace Meshpulse.Sim.Fabric;

/// <summary>
/// One direction of a TCP connection, as simple as heartbeats allow.
/// <para>
/// What is lost is sent again when something that was sent later is acknowledged (selective acknowledgements; RFC 8985), or else after the time-out:
/// 200 ms at least, doubling. What waits meanwhile leaves in larger segments. While acknowledgements are missing no more than a window's segments leave, and after a time-out only the one that is missed: so a way
/// back that is dead silences the way there too, within some heartbeats. Who reads gets bytes in order: what came behind a hole waits for it.
/// Acknowledging is the kernel's work and goes on while processes stand still; a kernel that is down does not.
/// </para>
/// Acknowledgements are booked when their segment arrives, and become events only when somebody waits for one: in fair weather they cost nothing.
/// </summary>
internal sealed class TcpStream(VirtualClock clock, TcpEnd from, TcpEnd to)
{
    /// <summary>Bytes of headers around a segment's content.</summary>
    private const int Overhead = 52;
    private const int FirstWindow = 10;
    private const int LongestWaiting = 4_096;
    private const int LongestSegment = 1_400;

    private static readonly Duration s_shortestTimeout = Duration.FromMilliseconds(200);
    // Later by less it may have been overtaken.
    private static readonly Duration s_reorderWindow = Duration.FromMilliseconds(1);
    private static readonly Duration s_downPause = Duration.FromMilliseconds(50);

    private readonly Queue<Segment> _flight = new();
    private readonly Queue<byte[]> _waiting = new();
    private readonly Queue<(MonoTime At, long UpTo, MonoTime SentAt)> _acks = new();
    private readonly SortedDictionary<long, Segment> _early = [];
    private long _next;
    private long _awaited;
    private long _acked;
    private int _window = FirstWindow;
    private int _backoff;
    private long _retransmits;
    private bool _isTimed;
    private bool _isWaitingForAck;
    private bool _isDead;
    private Duration _rtt = Duration.FromMilliseconds(1);
    private Duration _variation = Duration.FromMilliseconds(1);

    /// <summary>Segments sent and not acknowledged.</summary>
    public int Unacknowledged
    {
        get
        {
            TakeAcks();
            return _flight.Count;
        }
    }

    /// <summary>Time-outs in a row.</summary>
    public int Timeouts => _backoff;

    /// <summary>Segments sent again so far.</summary>
    public long Retransmits => _retransmits;

    public Duration SmoothedRtt => _rtt;

    public Duration RttVariation => _variation;

    public Duration Timeout => Duration.Max(s_shortestTimeout, _rtt + (_variation * 4)) * (1L << Math.Min(_backoff, 9));

    /// <summary>Sends bytes; empty ones say that the sender closed. False where too much waits already.</summary>
    public bool Send(byte[] bytes)
    {
        TakeAcks();
        if (_waiting.Count >= LongestWaiting)
        {
            return false;
        }

        _waiting.Enqueue(bytes);
        Release();
        return true;
    }

    /// <summary>Nothing is sent any more.</summary>
    public void Stop()
    {
        _isDead = true;
        _flight.Clear();
        _waiting.Clear();
    }

    private void Release()
    {
        var allowed = _backoff > 0 ? 1 : _window;
        while (_flight.Count < allowed && _waiting.Count > 0)
        {
            var segment = new Segment(_next++, Pack());
            _flight.Enqueue(segment);
            Transmit(segment);
        }

        if (_waiting.Count > 0)
        {
            WaitForAck();
        }
    }

    /// <summary>As much as has room; the end of the stream, which has no bytes, goes alone.</summary>
    private byte[] Pack()
    {
        var first = _waiting.Dequeue();
        if (first.Length == 0 || _waiting.Count == 0 || _waiting.Peek().Length == 0)
        {
            return first;
        }

        var bytes = new List<byte>(first);
        while (_waiting.TryPeek(out var more) && more.Length > 0 && bytes.Count + more.Length <= LongestSegment)
        {
            bytes.AddRange(_waiting.Dequeue());
        }

        return [.. bytes];
    }

    private void Transmit(Segment segment)
    {
        segment.SentAt = clock.Now;
        StartTimer();
        var sentAt = clock.Now;
        if (from.Kernel.IsUp && from.Route.TrySend(sentAt, from.Port, to.Port, Overhead + segment.Bytes.Length, out var packet) && !packet.IsDamaged)
        {
            clock.At(packet.At, () => Arrive(segment, sentAt));
        }
    }

    private void Retransmit(Segment segment)
    {
        segment.IsRepeated = true;
        _retransmits++;
        from.Kernel.Retransmits++;
        Transmit(segment);
    }

    private void Arrive(Segment segment, MonoTime sentAt)
    {
        if (!to.Kernel.IsUp || to.Kernel.DropsSegment() || _isDead)
        {
            return;
        }

        if (to.IsForgotten)
        {
            from.Reset(clock, to.Route);
            return;
        }

        if (segment.Number == _awaited && _early.Count == 0)
        {
            _awaited++;
            to.Take(segment.Bytes, clock.Now);
        }
        else if (segment.Number >= _awaited)
        {
            segment.ArrivedAt = clock.Now;
            _early[segment.Number] = segment;
            while (_early.Remove(_awaited, out var inOrder))
            {
                _awaited++;
                to.Take(inOrder.Bytes, inOrder.ArrivedAt);
            }
        }

        Acknowledge(sentAt);
    }

    private void Acknowledge(MonoTime sentAt)
    {
        if (!to.Route.TrySend(clock.Now, to.Port, from.Port, Overhead, out var packet) || packet.IsDamaged)
        {
            return;
        }

        _acks.Enqueue((packet.At, _awaited, sentAt));
        if (_early.Count > 0 || _backoff > 0 || _waiting.Count > 0)
        {
            WaitForAck();
        }
    }

    private void WaitForAck()
    {
        if (!_isWaitingForAck && _acks.TryPeek(out var next))
        {
            _isWaitingForAck = true;
            clock.At(next.At, OnAck);
        }
    }

    private void OnAck()
    {
        _isWaitingForAck = false;
        if (_isDead)
        {
            return;
        }

        TakeAcks();
        Release();
        if (_early.Count > 0 || _waiting.Count > 0)
        {
            WaitForAck();
        }
    }

    private void TakeAcks()
    {
        while (_acks.TryPeek(out var ack) && ack.At <= clock.Now)
        {
            _acks.Dequeue();
            if (from.Kernel.IsUp)
            {
                TakeAck(ack.UpTo, ack.SentAt, ack.At);
            }
        }
    }

    private void TakeAck(long upTo, MonoTime sentAt, MonoTime at)
    {
        if (upTo > _acked)
        {
            _acked = upTo;
            _window = _waiting.Count > 0 ? Math.Min(_window + 1, 1_000) : _window;
            while (_flight.TryPeek(out var oldest) && oldest.Number < upTo)
            {
                _flight.Dequeue();
                Learn(oldest, at);
            }

            if (_backoff > 0)
            {
                // What else was under way when the time-out came is taken for lost as well.
                _backoff = 0;
                Repeat(clock.Now);
            }
        }

        Repeat(sentAt);
    }

    /// <summary>Sends again what is missing of all that was sent before something that has arrived.</summary>
    private void Repeat(MonoTime arrivedSentAt)
    {
        foreach (var segment in _flight)
        {
            if (segment.SentAt < arrivedSentAt - s_reorderWindow && segment.Number >= _awaited && !_early.ContainsKey(segment.Number))
            {
                Retransmit(segment);
            }
        }
    }

    private void Learn(Segment segment, MonoTime at)
    {
        if (segment.IsRepeated)
        {
            return;
        }

        // RFC 6298.
        var sample = at - segment.SentAt;
        _variation = ((_variation * 3) + (sample - _rtt).Abs()) / 4;
        _rtt = ((_rtt * 7) + sample) / 8;
    }

    private void StartTimer()
    {
        if (!_isTimed)
        {
            _isTimed = true;
            clock.After(Timeout, OnTimer);
        }
    }

    private void OnTimer()
    {
        _isTimed = false;
        TakeAcks();
        if (_isDead || !_flight.TryPeek(out var oldest))
        {
            return;
        }

        _isTimed = true;
        if (!from.Kernel.IsUp)
        {
            clock.After(s_downPause, OnTimer);
            return;
        }

        var due = oldest.SentAt + Timeout;
        if (clock.Now >= due)
        {
            (_backoff, _window) = (_backoff + 1, FirstWindow);
            Retransmit(oldest);
            due = oldest.SentAt + Timeout;
        }

        clock.At(due, OnTimer);
    }

    private sealed class Segment(long number, byte[] bytes)
    {
        public long Number => number;

        public byte[] Bytes => bytes;

        public MonoTime SentAt { get; set; }

        public MonoTime ArrivedAt { get; set; }

        public bool IsRepeated { get; set; }
    }
}
