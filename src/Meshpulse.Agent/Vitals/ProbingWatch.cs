using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;
using Meshpulse.Linux.Vitals;

namespace Meshpulse.Agent.Vitals;

/// <summary>
/// What the probing thread tells of its own stalls, and how long it waited for a CPU in each. It asks the kernel for that itself, right when it wakes late: the kernel
/// counts a wait when it is over, and whoever looked later would find the waits of several stalls together. That costs the thread a system call of a microsecond
/// in each turn that is half a millisecond late, and ten times a second besides, so that little of what came before a stall is taken for part of it; nothing is allocated.
/// </summary>
/// <param name="proc">Where proc(5) is.</param>
internal sealed class ProbingWatch(string proc) : IDisposable
{
    private static readonly Duration s_readEvery = Duration.FromMilliseconds(100);
    private static readonly Duration s_readFrom = Duration.FromMicroseconds(500);

    private readonly SpscRing<HostStall> _stalls = new(1 << 10);
    private RunQueueClock? _clock;
    private MonoTime _began;
    private MonoTime _lastRead;
    private Duration? _waited;
    private long _due = MonoTime.Never.Nanoseconds;
    private int _tid;

    /// <summary>Wake-ups that are later than this are stalls.</summary>
    public static Duration Floor { get; } = Duration.FromMilliseconds(5);

    /// <summary>The probing thread's number; null before it runs, and where it can't be had.</summary>
    public int? Tid => Volatile.Read(ref _tid) is > 0 and var tid ? tid : null;

    /// <summary>Stalls that nobody took in time.</summary>
    public long Dropped => _stalls.Dropped;

    /// <summary>For the probing thread: it begins.</summary>
    public void Begin(MonoTime now)
    {
        (_began, _lastRead) = (now, now);
        _clock = new RunQueueClock(proc);
        _waited = _clock.Read();
        Volatile.Write(ref _tid, OwnThread.Id(proc) ?? 0);
    }

    /// <summary>For the probing thread: it falls asleep until then.</summary>
    public void OnSleep(MonoTime due) => Volatile.Write(ref _due, Math.Max(due.Nanoseconds, _began.Nanoseconds));

    /// <summary>For the probing thread: its time had come at <paramref name="due"/>, and it runs.</summary>
    public void OnWoke(MonoTime due, MonoTime now)
    {
        Volatile.Write(ref _due, MonoTime.Never.Nanoseconds);
        // What was due before the thread began is no stall of it.
        var from = due > _began ? due : _began;
        var length = now - from;
        if (length < s_readFrom && now - _lastRead < s_readEvery)
        {
            return;
        }

        var (before, waited) = (_waited, _clock?.Read());
        (_waited, _lastRead) = (waited, now);
        if (length >= Floor)
        {
            _stalls.Write(new HostStall(from, length, waited >= before ? Duration.Min(waited.Value - before.Value, length) : null));
        }
    }

    /// <summary>For one other thread: the next stall that is over.</summary>
    public bool TryTake(out HostStall stall) => _stalls.TryRead(out stall);

    /// <summary>For any thread: the stall that lasts, with its length so far. How much of it the thread waited for a CPU the kernel says afterwards.</summary>
    public HostStall? Ongoing(MonoTime now)
    {
        var due = new MonoTime(Volatile.Read(ref _due));
        return due < now && now - due >= Floor ? new HostStall(due, now - due, null) { IsOngoing = true } : null;
    }

    /// <inheritdoc />
    public void Dispose() => _clock?.Dispose();
}
