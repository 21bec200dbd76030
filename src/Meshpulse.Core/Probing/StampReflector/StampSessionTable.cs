using System.Numerics;
using Meshpulse.Core.Probing.UdpPing;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Core.Probing.StampReflector;

/// <summary>
/// The sessions of a reflector in a fixed piece of memory.
/// <para>
/// The problem: anybody can begin sessions in anybody's name, and a table that is full for 15 minutes (REFWAIT) turns
/// everyone else away. Making room by throwing out whoever was silent longest would let a flood of the new push out the
/// slow but steady. What we do: silence is measured against age. When room is needed a session may go that has been silent
/// for four times as long as it had lived (at least 5 s, and not longer than the idle time): a forged one, which lives a
/// moment, gives its place back in seconds, and one that was probed for four minutes keeps it for the full quarter of an
/// hour. And new sessions are limited in number, so that those of the last 5 s fill three quarters of the table at most.
/// </para>
/// <para>Looking up is one chain; making room looks at some slots in turn. Nothing is allocated after the start.</para>
/// </summary>
internal sealed class StampSessionTable
{
    /// <summary>How many slots one search for room looks at: enough to find any of a quarter of them nearly always.</summary>
    private const int SearchLength = 16;

    private const int GraceFactor = 4;

    private static readonly Duration s_minimumGrace = Duration.FromSeconds(5);

    private readonly StampSession[] _slots;
    private readonly int[] _heads;
    private readonly Duration _idle;
    private readonly RateGate _newcomers;
    private MonoTime _newcomersWhole = new(long.MinValue);
    private int _free;
    private int _hand;

    /// <summary>An empty table.</summary>
    public StampSessionTable(int capacity, Duration idle)
    {
        _slots = new StampSession[capacity];
        _heads = new int[(int)BitOperations.RoundUpToPowerOf2((uint)capacity)];
        _idle = idle;
        _newcomers = new RateGate(Math.Max(1, capacity / 20), Math.Clamp(capacity / 2, 1, 1_000_000));
        Array.Fill(_heads, -1);
        for (var i = 0; i < capacity; i++)
        {
            _slots[i].Link = i + 1 < capacity ? i + 1 : -1;
        }
    }

    /// <summary>How many sessions there are; some may be past their idle time and not yet noticed.</summary>
    public int Count { get; private set; }

    /// <summary>How many were forgotten after their idle time.</summary>
    public long Expired { get; private set; }

    /// <summary>How many were forgotten before their idle time, for want of room.</summary>
    public long Evicted { get; private set; }

    /// <summary>Replies a second that are kept for sessions.</summary>
    public long Reserved { get; private set; }

    /// <summary>The session in a slot.</summary>
    public ref StampSession this[int slot] => ref _slots[slot];

    /// <summary>The slot of a session, or -1; one past its idle time is forgotten on the way.</summary>
    public int Find(MonoTime now, NodeEndpoint source, NodeEndpoint local, ushort ssid)
    {
        for (var slot = _heads[HeadOf(source, local, ssid)]; slot >= 0; slot = _slots[slot].Link)
        {
            ref var session = ref _slots[slot];
            if (session.Ssid == ssid && session.Source == source && session.Local == local)
            {
                return Expire(now, slot) ? -1 : slot;
            }
        }

        return -1;
    }

    /// <summary>True where a session may begin, for which a slot is free then.</summary>
    public bool MakeRoom(MonoTime now)
    {
        if (!_newcomers.IsOpen(_newcomersWhole, now))
        {
            return false;
        }

        for (var i = 0; i < SearchLength && _free < 0; i++)
        {
            var slot = Turn();
            if (!Expire(now, slot) && now - _slots[slot].LastSeen > Grace(ref _slots[slot]))
            {
                Remove(slot);
                Evicted++;
            }
        }

        return _free >= 0;
    }

    /// <summary>Begins a session, for which <see cref="MakeRoom"/> has just found room.</summary>
    public int Add(MonoTime now, NodeEndpoint source, NodeEndpoint local, ushort ssid)
    {
        _newcomersWhole = _newcomers.Pass(_newcomersWhole, now);
        var slot = _free;
        ref var session = ref _slots[slot];
        _free = session.Link;
        ref var head = ref _heads[HeadOf(source, local, ssid)];
        session = new StampSession
        {
            Source = source,
            Local = local,
            Ssid = ssid,
            Link = head,
            Generation = session.Generation == uint.MaxValue ? 1 : session.Generation + 1,
            IsUsed = true,
            Created = now,
            LastSeen = now,
            ReserveWhole = now,
            WindowStart = now,
        };
        head = slot;
        Count++;
        return slot;
    }

    /// <summary>Looks at one slot after another, one for each call, for sessions past their idle time and reservations nobody uses.</summary>
    public void Sweep(MonoTime now)
    {
        var slot = Turn();
        if (_slots[slot].IsUsed && !Expire(now, slot) && now - _slots[slot].LastSeen > StampAdmission.ReserveIdle)
        {
            Reserve(slot, 0);
        }
    }

    /// <summary>Hands out who asks, and how often so far: sessions of which something came after a moment.</summary>
    public void Visit(MonoTime seenAfter, Action<NodeEndpoint, uint> visitor)
    {
        foreach (ref var session in _slots.AsSpan())
        {
            if (session.IsUsed && session.LastSeen > seenAfter)
            {
                visitor(session.Source, session.Received);
            }
        }
    }

    /// <summary>Keeps some replies a second for a session, instead of those before.</summary>
    public void Reserve(int slot, long perSecond)
    {
        Reserved += perSecond - _slots[slot].Reserved;
        _slots[slot].Reserved = perSecond;
    }

    private int Turn()
    {
        _hand = _hand + 1 < _slots.Length ? _hand + 1 : 0;
        return _hand;
    }

    private bool Expire(MonoTime now, int slot)
    {
        if (!_slots[slot].IsUsed || now - _slots[slot].LastSeen < _idle)
        {
            return false;
        }

        Remove(slot);
        Expired++;
        return true;
    }

    private void Remove(int slot)
    {
        ref var session = ref _slots[slot];
        ref var link = ref _heads[HeadOf(session.Source, session.Local, session.Ssid)];
        while (link != slot)
        {
            link = ref _slots[link].Link;
        }

        link = session.Link;
        Reserve(slot, 0);
        session.IsUsed = false;
        session.Link = _free;
        _free = slot;
        Count--;
    }

    private Duration Grace(ref StampSession session)
    {
        var lived = session.LastSeen - session.Created;
        return lived > _idle / GraceFactor ? _idle : Duration.Min(_idle, Duration.Max(s_minimumGrace, lived * GraceFactor));
    }

    /// <summary>The runtime's hash has a start that outsiders don't know, and what is done does not depend on the chain.</summary>
    private int HeadOf(NodeEndpoint source, NodeEndpoint local, ushort ssid) =>
        HashCode.Combine(source, local, ssid) & (_heads.Length - 1);
}
