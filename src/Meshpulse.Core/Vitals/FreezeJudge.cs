using Meshpulse.Core.Time;

namespace Meshpulse.Core.Vitals;

/// <summary>
/// Tells whether the whole process stood still.
/// <para>
/// The problem: nobody can watch himself being frozen (SIGSTOP, the cgroup freezer, a VM that stands still). The obvious sign, that a thread woke up late, is that of a
/// busy host too. What we do: take the word of two threads that sleep for different reasons, the probing one and the reading one. Both must have woken from
/// the same hole, at nearly the same time, and neither may have spent it in a run queue: what is stopped is not ready to run, what has no CPU is.
/// Where the kernel does not tell of run queues, CPUs that had nothing to do stand in. And nothing else may explain it: our own garbage collector, the
/// quota, the hypervisor's theft, or pages of ours that had to come from a disk.
/// </para>
/// A stall may be told a window after the hole, or before it: both wait here for their other half. The time then counts in the window in which they met.
/// </summary>
internal sealed class FreezeJudge
{
    private const int Remembered = 16;

    private static readonly Duration s_shortest = Duration.FromMilliseconds(20);
    private static readonly Duration s_togetherAtLeast = Duration.FromMilliseconds(50);

    private readonly List<Hole> _holes = [];
    private readonly List<HostStall> _stalls = [];

    /// <summary>Takes in a window.</summary>
    /// <param name="window">The window with its figures and stalls.</param>
    /// <param name="before">The reading at its beginning.</param>
    /// <param name="now">The reading at its end.</param>
    /// <param name="waited">How long the reading thread waited for a CPU in it.</param>
    /// <returns>How long the process was frozen, of all that is known by now and was not told before.</returns>
    public Duration Frozen(HostWindow window, HostReading before, HostReading now, Duration? waited)
    {
        Remember(_stalls, window.Stalls.Where(s => !s.IsOngoing && s.Length >= s_shortest));
        if (now.Due is { } due && now.Clocks.Mono - due >= s_shortest && !IsExplained(window, now.Clocks.Mono - due))
        {
            Remember(_holes, [new Hole(before.Clocks.Mono, due, now.Clocks.Mono, waited, HadIdleCpus(window))]);
        }

        var sum = Duration.Zero;
        foreach (var hole in _holes.ToList())
        {
            var match = _stalls.FindIndex(stall => IsSame(hole, stall));
            if (match >= 0)
            {
                sum += Length(hole, _stalls[match]);
                _holes.Remove(hole);
                _stalls.RemoveAt(match);
            }
        }

        return sum;
    }

    private static void Remember<T>(List<T> list, IEnumerable<T> found)
    {
        list.AddRange(found);
        list.RemoveRange(0, Math.Max(0, list.Count - Remembered));
    }

    private static bool IsSame(Hole hole, HostStall stall)
    {
        var shorter = Duration.Min(hole.Until - hole.From, stall.Length);
        var overlap = MonoTime.Min(hole.Until, stall.Until) - (hole.From > stall.From ? hole.From : stall.From);
        var apart = (hole.Until - stall.Until).Abs();
        return overlap >= shorter / 5 * 4
            && apart <= Duration.Max(s_togetherAtLeast, shorter / 10)
            && WasNotQueued(hole, stall);
    }

    private static bool WasNotQueued(Hole hole, HostStall stall)
    {
        if (hole.Waited is null && stall.WaitedForCpu is null)
        {
            return hole.HadIdleCpus;
        }

        return (hole.Waited ?? Duration.Zero) <= (hole.Until - hole.From) / 4 && (stall.WaitedForCpu ?? Duration.Zero) <= stall.Length / 4;
    }

    /// <summary>From when the first of the two wanted to run, but not from before the reading thread was last seen to: then it still ran.</summary>
    private static Duration Length(Hole hole, HostStall stall)
    {
        var first = MonoTime.Min(hole.From, stall.From);
        var from = first > hole.LastRan ? first : hole.LastRan;
        return MonoTime.Min(hole.Until, stall.Until) - from;
    }

    private static bool HadIdleCpus(HostWindow window) => (window.AllowedCpus ?? window.AllCpus)?.Load is < 0.5;

    private static bool IsExplained(HostWindow window, Duration hole)
    {
        var half = hole / 2;
        return window.RuntimePauses >= half
            || window.Cgroup?.ThrottledTime >= half
            || (window.AllowedCpus ?? window.AllCpus)?.StolenShare >= 0.5
            || (window.MajorFaults > 0 && Math.Max(Pressed(window.Pressure), Pressed(window.CgroupPressure)) >= half.Nanoseconds);
    }

    private static long Pressed(HostPressure pressure) =>
        Math.Max(pressure.Io?.Some.Nanoseconds ?? 0, pressure.Memory?.Some.Nanoseconds ?? 0);

    /// <summary>A time in which the reading thread did not run though it wanted to.</summary>
    private readonly record struct Hole(MonoTime LastRan, MonoTime From, MonoTime Until, Duration? Waited, bool HadIdleCpus);
}
