using Meshpulse.Core.Time;

namespace Meshpulse.Core.Vitals;

/// <summary>A time in which our probing thread wanted to run and did not.</summary>
/// <param name="From">When it wanted to.</param>
/// <param name="Length">Until it ran.</param>
/// <param name="WaitedForCpu">How much of that the thread was ready and waited in the run queue; null where the kernel does not tell.</param>
public readonly record struct HostStall(MonoTime From, Duration Length, Duration? WaitedForCpu)
{
    /// <summary>When it ran again.</summary>
    public MonoTime Until => From + Length;

    /// <summary>It had not run again when the window ended: the length is what it was by then, and the next window has the same stall, longer.</summary>
    public bool IsOngoing { get; init; }
}
