using Meshpulse.Core.Time;

namespace Meshpulse.Core.Membership;

/// <summary>
/// Spreads the connections over the ping interval: a wheel of slots, each with its own moment of every interval, so that
/// heartbeats leave one by one and not in a burst that would measure itself.
/// <para>
/// Sleeping for each connection alone would cost a wake-up per heartbeat; one wake-up per interval would send all at once
/// and read late. The wheel has at most 20 slots of at least 500 us (10 at 5 ms), wakes for the slots that are in use, and at
/// least four times an interval to read. A wake-up costs as much as a heartbeat or two (docs/performance.md): with slots of
/// 250 us a hundred peers took a third more of the processor.
/// </para>
/// </summary>
internal sealed class SendWheel
{
    private const int ReadsPerInterval = 4;
    private static readonly Duration s_longestSlot = Duration.FromMilliseconds(5);

    private readonly MonoTime _origin;
    private readonly List<MeshConnection>[] _slots;
    private readonly int _readEvery;
    private long _tick;
    private long _target;
    private int _cursor;
    private bool _inRound;

    public SendWheel(MonoTime origin, Duration interval)
    {
        var slots = Math.Clamp(interval.Nanoseconds / 500_000, ReadsPerInterval, 20);
        slots = Math.Max(slots, (interval.Nanoseconds + s_longestSlot.Nanoseconds - 1) / s_longestSlot.Nanoseconds);
        SlotLength = new Duration(Math.Max(1, interval.Nanoseconds / slots));
        Interval = SlotLength * slots;
        _origin = origin;
        _slots = new List<MeshConnection>[slots];
        for (var i = 0; i < slots; i++)
        {
            _slots[i] = [];
        }

        _readEvery = (int)Math.Max(1, Math.Min(slots / ReadsPerInterval, s_longestSlot.Nanoseconds / SlotLength.Nanoseconds));
    }

    public Duration SlotLength { get; }

    /// <summary>The ping interval, rounded down to a whole number of slots (by less than 1 us).</summary>
    public Duration Interval { get; }

    /// <summary>The longest time between two looks at the sockets when nothing is late.</summary>
    public Duration LookInterval => SlotLength * _readEvery;

    /// <summary>When the next turn is due; in the past where the last one was broken off.</summary>
    public MonoTime NextWake
    {
        get
        {
            if (_tick < _target || _cursor < Slot(_tick).Count)
            {
                return TimeOf(_tick);
            }

            var tick = _tick + 1;
            while (tick % _readEvery != 0 && Slot(tick).Count == 0)
            {
                tick++;
            }

            return TimeOf(tick);
        }
    }

    /// <summary>Puts a connection into the emptiest slot; returns the first moment that it is due.</summary>
    public MonoTime Add(MeshConnection connection)
    {
        var best = 0;
        for (var i = 1; i < _slots.Length; i++)
        {
            best = _slots[i].Count < _slots[best].Count ? i : best;
        }

        if (ReferenceEquals(_slots[best], Slot(_tick)))
        {
            // Its moment of this interval is now or has passed: it is put among those that had their turn.
            _slots[best].Insert(0, connection);
            _cursor++;
        }
        else
        {
            _slots[best].Add(connection);
        }

        connection.WheelSlot = best;
        var from = Math.Max(_tick, _target) + 1;
        var ahead = (best - (from % _slots.Length) + _slots.Length) % _slots.Length;
        return TimeOf(from + ahead);
    }

    public void Remove(MeshConnection connection)
    {
        if (connection.WheelSlot < 0)
        {
            return;
        }

        var slot = _slots[connection.WheelSlot];
        var at = slot.IndexOf(connection);
        slot.RemoveAt(at);
        if (ReferenceEquals(slot, Slot(_tick)) && at < _cursor)
        {
            _cursor--;
        }

        connection.WheelSlot = -1;
    }

    /// <summary>
    /// The next connection whose slot had come when the round began; false when all had their turn, which ends the round.
    /// Were slots that come during a round part of it, sends slower than the interval would make it one without end.
    /// </summary>
    public bool TryNext(MonoTime now, out MeshConnection connection)
    {
        if (!_inRound)
        {
            BeginRound(now);
        }

        while (true)
        {
            var slot = Slot(_tick);
            if (_cursor < slot.Count)
            {
                connection = slot[_cursor++];
                return true;
            }

            if (_tick >= _target)
            {
                _inRound = false;
                connection = null!;
                return false;
            }

            _tick++;
            _cursor = 0;
        }
    }

    private void BeginRound(MonoTime now)
    {
        _inRound = true;
        _target = Math.Max(_target, (now - _origin).Nanoseconds / SlotLength.Nanoseconds);
        // More than a whole interval late: each connection gets one turn; its schedule counts what it missed.
        if (_target - _tick > _slots.Length)
        {
            _tick = _target - _slots.Length;
            _cursor = int.MaxValue;
        }
    }

    private List<MeshConnection> Slot(long tick) => _slots[(int)(tick % _slots.Length)];

    private MonoTime TimeOf(long tick) => _origin + (SlotLength * tick);
}
