using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Core.Diagnosis.Views;

/// <summary>
/// What one node has lately told of itself, on the judge's axis.
/// <para>
/// The axis: two monotonic clocks differ by a constant, but for some millionths. A slice that ended at <c>t</c> there came here at <c>r</c>, so the
/// constant is at most <c>r - t</c>: the smallest of many is off by the fastest way of a slice only, and no step of a wall clock moves it. The obvious
/// way, wall clocks and their known offset, is better as long as it holds, and fails in just the minute in which a clock is the culprit: it is taken where it is within what the
/// first way allows.
/// </para>
/// </summary>
internal sealed class NodeView(string name)
{
    private const int KeptWindows = 28;
    private const int KeptStalls = 64;

    // What the smallest of many is let go up by in a slice: clocks run apart by some tens of millionths, of a quarter second.
    private static readonly Duration s_creep = Duration.FromMicroseconds(20);
    // What clocks say is believed where it is a way that a slice can take, and not a step.
    private static readonly Duration s_longestWay = Duration.FromMilliseconds(700);
    private static readonly Duration s_toldLate = Duration.FromMilliseconds(500);
    private static readonly Duration s_alone = Duration.FromMilliseconds(500);
    private static readonly Duration s_sameStall = Duration.FromMilliseconds(20);

    private readonly Queue<(MonoTime From, MonoTime Until, HostWindow Window)> _windows = new(KeptWindows);
    private readonly List<Stall> _stalls = [];
    private readonly Queue<(MonoTime At, Duration Lateness)> _lateness = new(PairView.Kept);
    private MonoTime _lastWindow = new(long.MinValue);

    public string Name { get; } = name;

    /// <summary>Its datacenter, null for none.</summary>
    public string? Datacenter { get; private set; }

    public ulong Run { get; private set; }

    public long Number { get; private set; }

    /// <summary>It began to tell only a moment ago: it is late in many ways that don't matter, and has yet to find the others.</summary>
    public bool IsYoung => Number < 12;

    /// <summary>Adds to its moments to make them ours.</summary>
    public Duration Shift { get; private set; }

    /// <summary>When its last slice ended; the beginning of time before the first.</summary>
    public MonoTime LastUntil { get; private set; } = new(long.MinValue / 2);

    /// <summary>When its last slice came.</summary>
    public MonoTime LastReceived { get; private set; } = new(long.MinValue / 2);

    /// <summary>When it began anew; null where it has not.</summary>
    public MonoTime? RestartedAt { get; private set; }

    public bool IsLeaving { get; private set; }

    /// <summary>What it told last so that nobody misses it; null for nothing. Who leaves while in maintenance is in maintenance.</summary>
    public PeerNotice? Notice { get; private set; }

    /// <summary>When somebody asked it in vain, since its last slice; null where nobody has.</summary>
    public MonoTime? UnreachableSince { get; private set; }

    /// <summary>
    /// A time in which it ran and heard nobody, told only afterwards, since nobody could ask it: from when to when, and when the last of it was told. Null where there was
    /// none.
    /// </summary>
    public (MonoTime From, MonoTime Until, MonoTime Told)? Alone { get; private set; }

    /// <summary>Its stalls of the last seconds, in order.</summary>
    public IReadOnlyList<Stall> Stalls => _stalls;

    /// <summary>Its vitals of the last seconds, in order.</summary>
    public IReadOnlyCollection<(MonoTime From, MonoTime Until, HostWindow Window)> Windows => _windows;

    /// <summary>How late its thread was at most, slice by slice.</summary>
    public IReadOnlyCollection<(MonoTime At, Duration Lateness)> Lateness => _lateness;

    /// <summary>The last vitals; null where it keeps none.</summary>
    public HostWindow? Host { get; private set; }

    /// <summary>Takes a slice.</summary>
    /// <param name="slice">What it told.</param>
    /// <param name="received">When it came.</param>
    /// <param name="byClocks">The shift by the offset of the wall clocks, where that is bounded; null where it is not.</param>
    /// <returns>False for one that is known, or older.</returns>
    public bool TryTake(NodeSlice slice, MonoTime received, Duration? byClocks)
    {
        if (slice.Run == Run && slice.Number <= Number)
        {
            return false;
        }

        if (slice.Run != Run)
        {
            Restart(slice, received);
        }

        // The slice may have waited here; the next one tells better.
        var before = Shift;
        var shift = received - slice.At.Mono;
        Shift = Number == 0 ? shift : Duration.Min(Shift + s_creep, shift);
        if (byClocks is { } known && known <= Shift && Shift - known < s_longestWay)
        {
            Shift = known;
        }

        if (Number > 0 && before - Shift > s_sameStall)
        {
            Move(Shift - before);
        }

        (Number, Datacenter, IsLeaving) = (slice.Number, slice.Datacenter, slice.IsLeaving);
        Notice = slice.IsInMaintenance ? PeerNotice.Maintenance : slice.IsLeaving ? PeerNotice.Leaving : null;
        (LastUntil, LastReceived, UnreachableSince) = (slice.At.Mono + Shift, received, null);
        TakeHost(slice);
        TakeLateness(slice);
        TakeAlone(slice, received);
        Forget(LastUntil);
        return true;
    }

    public void NoteUnreachable(MonoTime at) => UnreachableSince ??= at;

    /// <summary>The vitals of a time.</summary>
    public IEnumerable<HostWindow> WindowsIn(MonoTime from, MonoTime until) => _windows.Where(w => w.From < until && from < w.Until).Select(w => w.Window);

    /// <summary>Whether it stalled for longer than <paramref name="floor"/> in a time, or so shortly before that it still shows.</summary>
    /// <param name="from">From when.</param>
    /// <param name="until">Until when.</param>
    /// <param name="floor">Shorter stalls do not count.</param>
    /// <param name="tail">How long after its end a stall still shows.</param>
    public bool Stalled(MonoTime from, MonoTime until, Duration floor, Duration tail)
    {
        foreach (var stall in _stalls)
        {
            if (stall.Length >= floor && stall.From < until && from < stall.Until + tail)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>For how long in a time it stalled, all its stalls together.</summary>
    public Duration StalledWithin(MonoTime from, MonoTime until)
    {
        var sum = Duration.Zero;
        foreach (var stall in _stalls)
        {
            var (begin, end) = (stall.From > from ? stall.From : from, MonoTime.Min(stall.Until, until));
            sum += end > begin ? end - begin : Duration.Zero;
        }

        return sum;
    }

    private void Restart(NodeSlice slice, MonoTime received)
    {
        RestartedAt = Run == 0 ? null : received - slice.Length;
        (Run, Number, Host) = (slice.Run, 0, null);
        _stalls.Clear();
        _windows.Clear();
        _lateness.Clear();
        _lastWindow = new MonoTime(long.MinValue);
        Alone = null;
    }

    private void TakeAlone(NodeSlice slice, MonoTime received)
    {
        if (slice.Peers.Count < 2 || received - LastUntil < s_toldLate)
        {
            return;
        }

        var heard = slice.Peers.Min(p => p.Silence);
        if (heard < s_alone)
        {
            return;
        }

        var from = LastUntil - heard;
        Alone = Alone is { } before && before.Until >= from ? (MonoTime.Min(before.From, from), LastUntil, received) : (from, LastUntil, received);
    }

    /// <summary>
    /// What was told before was longer ago than it seemed: who begins to ask is first told what is some seconds old, which must not be taken for what happens now.
    /// </summary>
    private void Move(Duration by)
    {
        for (var i = 0; i < _stalls.Count; i++)
        {
            _stalls[i] = _stalls[i] with { From = _stalls[i].From + by, Until = _stalls[i].Until + by };
        }

        for (var i = _windows.Count; i > 0; i--)
        {
            var (from, until, window) = _windows.Dequeue();
            _windows.Enqueue((from + by, until + by, window));
        }

        for (var i = _lateness.Count; i > 0; i--)
        {
            var (at, lateness) = _lateness.Dequeue();
            _lateness.Enqueue((at + by, lateness));
        }
    }

    private void TakeHost(NodeSlice slice)
    {
        if (slice.Host is not { } host || host.Until <= _lastWindow)
        {
            return;
        }

        (Host, _lastWindow) = (host, host.Until);
        _windows.Enqueue((host.From + Shift, host.Until + Shift, host));
        if (_windows.Count > KeptWindows)
        {
            _ = _windows.Dequeue();
        }

        foreach (var stall in host.Stalls)
        {
            Add(new Stall(stall.From + Shift, stall.Until + Shift, stall.WaitedForCpu));
        }
    }

    private void TakeLateness(NodeSlice slice)
    {
        _lateness.Enqueue((LastUntil, slice.WakeLateness));
        if (_lateness.Count > PairView.Kept)
        {
            _ = _lateness.Dequeue();
        }

        if (slice.WakeLateness < s_sameStall)
        {
            return;
        }

        // When in the slice is not told. Vitals will say, a moment later; until then its end is the best guess.
        var guess = new Stall(LastUntil - Duration.Max(slice.WakeLateness, Duration.Min(slice.Length, Duration.FromMilliseconds(250))), LastUntil, null);
        if (!_stalls.Exists(s => s.Overlaps(guess.From, guess.Until) && s.Length >= slice.WakeLateness / 2))
        {
            Add(new Stall(LastUntil - slice.WakeLateness, LastUntil, null));
        }
    }

    private void Add(Stall stall)
    {
        // The same again, grown or told better; a guess gives way to what is known.
        _stalls.RemoveAll(s => (s.From - stall.From).Abs() <= s_sameStall || (s.WaitedForCpu is null && s.Overlaps(stall.From, stall.Until)));
        var index = _stalls.FindLastIndex(s => s.From <= stall.From) + 1;
        _stalls.Insert(index, stall);
        if (_stalls.Count > KeptStalls)
        {
            _stalls.RemoveAt(0);
        }
    }

    private void Forget(MonoTime now) => _stalls.RemoveAll(s => s.Until < now - Duration.FromSeconds(8));
}
