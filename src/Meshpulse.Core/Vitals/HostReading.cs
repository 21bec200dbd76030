using Meshpulse.Core.Time;

namespace Meshpulse.Core.Vitals;

/// <summary>
/// What the host's sources said at one moment. Where a <see cref="HostWindow"/> has sums over its time, this has totals since some beginning, in the same
/// values; two readings and a <see cref="VitalsMeter"/> make a window. Null is what could not be read, and <see cref="Missing"/> says why. An immutable value.
/// </summary>
/// <param name="Clocks">The moment.</param>
public sealed record HostReading(ClockPairing Clocks)
{
    /// <summary>By how much the two halves of <see cref="Clocks"/> can be apart.</summary>
    public Duration ClockUncertainty { get; init; }

    /// <summary>When the reading thread was to wake up for this; null where it was not asleep.</summary>
    public MonoTime? Due { get; init; }

    /// <summary>The boot-time clock minus the monotonic one: the time in suspend, and in a time namespace a constant beside it.</summary>
    public Duration? Suspended { get; init; }

    /// <summary>For how long the runtime's garbage collector has stopped our threads.</summary>
    public Duration? RuntimePauses { get; init; }

    /// <summary>Our threads, in any order.</summary>
    public IReadOnlyList<ThreadReading>? Threads { get; init; }

    /// <summary>Which of them probes.</summary>
    public int? ProbingThread { get; init; }

    /// <summary>Which of them made this reading.</summary>
    public int? ReadingThread { get; init; }

    /// <summary>The CPUs that are online.</summary>
    public IReadOnlyList<CpuTicks>? Cpus { get; init; }

    /// <summary>Those that we may use, some of which may be offline.</summary>
    public CpuSet? AllowedCpus { get; init; }

    /// <summary>How many are online.</summary>
    public int? OnlineCpuCount { get; init; }

    /// <summary>Pressure on the whole host.</summary>
    public HostPressure Pressure { get; init; }

    /// <summary>Pressure in our cgroup.</summary>
    public HostPressure CgroupPressure { get; init; }

    /// <summary>The quota that we run under.</summary>
    public CgroupCpu? Cgroup { get; init; }

    /// <summary>Whose <see cref="Cgroup"/> is: where that changes, its totals can't be compared.</summary>
    public string? CgroupName { get; init; }

    /// <summary>Major faults of ours.</summary>
    public long? MajorFaults { get; init; }

    /// <summary>How the host saves power.</summary>
    public PowerSaving? Power { get; init; }

    /// <summary>What the network stack lost or repeated.</summary>
    public NetworkTrouble Network { get; init; }

    /// <summary>How many CPUs the figures of softnet are summed over.</summary>
    public int SoftnetCpus { get; init; }

    /// <summary>A number that belongs to the interfaces whose errors are summed.</summary>
    public long Interfaces { get; init; }

    /// <summary>Whether the kernel takes its clock for synchronised.</summary>
    public bool? IsClockSynchronised { get; init; }

    /// <summary>How fast the kernel is told to let the clock run, in parts per million.</summary>
    public double? ClockFrequency { get; init; }

    /// <summary>What could not be read, and why, each as <c>name: reason</c>.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];
}
