namespace Meshpulse.Core.Vitals;

/// <summary>What one CPU has done since the boot, in ticks of 10 ms (USER_HZ, which is 100 wherever .NET runs).</summary>
/// <param name="Cpu">Its number.</param>
/// <param name="Busy">User, nice, system, interrupts. Guests are among user and nice.</param>
/// <param name="Idle">Idle.</param>
/// <param name="IoWait">Idle while a task of its own waited for a disk.</param>
/// <param name="Steal">Taken by the hypervisor.</param>
public readonly record struct CpuTicks(int Cpu, long Busy, long Idle, long IoWait, long Steal)
{
    /// <summary>How long a tick is, in nanoseconds.</summary>
    public const long Nanoseconds = 10_000_000;
}
