using Meshpulse.Core.Time;

namespace Meshpulse.Core.Vitals;

/// <summary>What CPUs did in a window, summed over them (Linux: proc_stat(5), in ticks of usually 10 ms).</summary>
/// <param name="Busy">Ran anything: user, nice, system, interrupts.</param>
/// <param name="Idle">Had nothing to run.</param>
/// <param name="IoWait">Had nothing to run while a task of theirs waited for a disk.</param>
/// <param name="Steal">Wanted to run, and the hypervisor ran somebody else.</param>
public readonly record struct CpuTimes(Duration Busy, Duration Idle, Duration IoWait, Duration Steal)
{
    /// <summary>All together: the window's length times the CPUs, but for rounding.</summary>
    public Duration Total => Busy + Idle + IoWait + Steal;

    /// <summary>How much of the time CPUs were busy or stolen, 0 to 1; null for no time at all.</summary>
    public double? Load => Total.Nanoseconds <= 0 ? null : (double)(Busy + Steal).Nanoseconds / Total.Nanoseconds;

    /// <summary>How much of the time was stolen, 0 to 1; null for no time at all.</summary>
    public double? StolenShare => Total.Nanoseconds <= 0 ? null : (double)Steal.Nanoseconds / Total.Nanoseconds;
}
