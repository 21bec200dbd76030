using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Vitals;

/// <summary>
/// How the host itself was in one window: with <see cref="PathWindow"/> all that anything downstream of the measuring sees. What a source did not
/// tell is null, never zero, and <see cref="Missing"/> says why. An immutable value.
/// </summary>
/// <param name="From">When the window began.</param>
/// <param name="Until">When it ended.</param>
public sealed record HostWindow(MonoTime From, MonoTime Until)
{
    /// <summary>How long it was. After a freeze of the whole process it is longer than usual.</summary>
    public Duration Length => Until - From;

    /// <summary>When the probing thread did not run though it wanted to, those that began or went on in the window; in order.</summary>
    public IReadOnlyList<HostStall> Stalls { get; init; } = [];

    /// <summary>How long our threads were ready and waited for a CPU, summed (/proc/self/task/*/schedstat).</summary>
    public Duration? RunQueueDelay { get; init; }

    /// <summary>The same of the probing thread alone.</summary>
    public Duration? ProbingRunQueueDelay { get; init; }

    /// <summary>How often our threads were taken off a CPU against their will.</summary>
    public long? InvoluntarySwitches { get; init; }

    /// <summary>What the CPUs that we may use did.</summary>
    public CpuTimes? AllowedCpus { get; init; }

    /// <summary>What all CPUs did.</summary>
    public CpuTimes? AllCpus { get; init; }

    /// <summary>CPUs that we may use.</summary>
    public int? AllowedCpuCount { get; init; }

    /// <summary>CPUs that there are.</summary>
    public int? OnlineCpuCount { get; init; }

    /// <summary>Pressure on the whole host.</summary>
    public HostPressure Pressure { get; init; }

    /// <summary>Pressure in our own cgroup.</summary>
    public HostPressure CgroupPressure { get; init; }

    /// <summary>The CPU quota that we run under.</summary>
    public CgroupCpu? Cgroup { get; init; }

    /// <summary>Page faults of ours that had to wait for a disk.</summary>
    public long? MajorFaults { get; init; }

    /// <summary>How the host saves power; does not change often.</summary>
    public PowerSaving? Power { get; init; }

    /// <summary>What the network stack lost or repeated.</summary>
    public NetworkTrouble Network { get; init; }

    /// <summary>Whether the kernel takes its clock for synchronised (adjtimex(2)).</summary>
    public bool? IsClockSynchronised { get; init; }

    /// <summary>By how much the wall clock moved against the monotonic one, beyond what slewing explains; zero for no step.</summary>
    public Duration ClockStep { get; init; }

    /// <summary>How fast the kernel is told to let the clock run, in parts per million (adjtimex(2), freq).</summary>
    public double? ClockFrequency { get; init; }

    /// <summary>For how long no thread of ours ran at all: stopped, frozen by the cgroup, or a VM that stood still.</summary>
    public Duration Frozen { get; init; }

    /// <summary>For how long the machine was suspended: the boot-time clock against the monotonic one.</summary>
    public Duration Suspended { get; init; }

    /// <summary>For how long the runtime's garbage collector had stopped our threads.</summary>
    public Duration RuntimePauses { get; init; }

    /// <summary>Sources that could not be read, and why, each as <c>name: reason</c>.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];
}
