using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Agent.Vitals;

/// <summary>All windows since the start together: what counters are made of. What no window knew is null; a window that did not know adds nothing. Not thread-safe.</summary>
internal sealed class VitalsTotals
{
    /// <summary>Windows that were added.</summary>
    public long Windows { get; private set; }

    /// <summary>The latest of them.</summary>
    public HostWindow? Latest { get; private set; }

    /// <summary>Stalls that are over, and their time.</summary>
    public (long Count, Duration Time) Stalls { get; private set; }

    public Duration? RunQueueDelay { get; private set; }

    public Duration? ProbingRunQueueDelay { get; private set; }

    public long? InvoluntarySwitches { get; private set; }

    public CpuTimes? AllowedCpus { get; private set; }

    public CpuTimes? AllCpus { get; private set; }

    public HostPressure Pressure { get; private set; }

    public HostPressure CgroupPressure { get; private set; }

    public CgroupCpu? Cgroup { get; private set; }

    public long? MajorFaults { get; private set; }

    public NetworkTrouble Network { get; private set; }

    /// <summary>Steps of the wall clock, and their sizes without sign.</summary>
    public (long Count, Duration Size) ClockSteps { get; private set; }

    public Duration Frozen { get; private set; }

    public Duration Suspended { get; private set; }

    public Duration RuntimePauses { get; private set; }

    /// <summary>Adds a window.</summary>
    public void Add(HostWindow window)
    {
        Windows++;
        Latest = window;
        var ended = window.Stalls.Where(stall => !stall.IsOngoing).ToList();
        Stalls = (Stalls.Count + ended.Count, ended.Aggregate(Stalls.Time, (sum, stall) => sum + stall.Length));
        RunQueueDelay = Sum(RunQueueDelay, window.RunQueueDelay);
        ProbingRunQueueDelay = Sum(ProbingRunQueueDelay, window.ProbingRunQueueDelay);
        InvoluntarySwitches = Sum(InvoluntarySwitches, window.InvoluntarySwitches);
        AllowedCpus = Sum(AllowedCpus, window.AllowedCpus);
        AllCpus = Sum(AllCpus, window.AllCpus);
        Pressure = Sum(Pressure, window.Pressure);
        CgroupPressure = Sum(CgroupPressure, window.CgroupPressure);
        Cgroup = Sum(Cgroup, window.Cgroup);
        MajorFaults = Sum(MajorFaults, window.MajorFaults);
        Network = Sum(Network, window.Network);
        if (window.ClockStep != Duration.Zero)
        {
            ClockSteps = (ClockSteps.Count + 1, Sum(ClockSteps.Size, window.ClockStep.Abs())!.Value);
        }

        Frozen += window.Frozen;
        Suspended += window.Suspended;
        RuntimePauses += window.RuntimePauses;
    }

    private static long? Sum(long? a, long? b) => b is not { } more ? a : a is not { } old ? more : old + Math.Min(more, long.MaxValue - old);

    private static Duration? Sum(Duration? a, Duration? b) => Sum(a?.Nanoseconds, b?.Nanoseconds) is { } sum ? new Duration(sum) : null;

    private static CpuTimes? Sum(CpuTimes? a, CpuTimes? b) => b is not { } more
        ? a
        : a is not { } old ? more : new CpuTimes(old.Busy + more.Busy, old.Idle + more.Idle, old.IoWait + more.IoWait, old.Steal + more.Steal);

    private static HostPressure Sum(HostPressure a, HostPressure b) => new(Sum(a.Cpu, b.Cpu), Sum(a.Io, b.Io), Sum(a.Memory, b.Memory));

    private static PressureTime? Sum(PressureTime? a, PressureTime? b) =>
        b is not { } more ? a : a is not { } old ? more : new PressureTime(old.Some + more.Some, old.Full + more.Full);

    private static CgroupCpu? Sum(CgroupCpu? a, CgroupCpu? b) => b is not { } more
        ? a
        : a is not { } old ? more : new CgroupCpu(more.QuotaCpus, old.Periods + more.Periods, old.ThrottledPeriods + more.ThrottledPeriods, old.ThrottledTime + more.ThrottledTime);

    private static NetworkTrouble Sum(NetworkTrouble a, NetworkTrouble b) => new(
        Sum(a.SoftnetDrops, b.SoftnetDrops),
        Sum(a.SoftnetSqueezes, b.SoftnetSqueezes),
        Sum(a.InterfaceErrors, b.InterfaceErrors),
        Sum(a.UdpReceiveErrors, b.UdpReceiveErrors),
        Sum(a.TcpRetransmits, b.TcpRetransmits),
        Sum(a.ReceiveDrops, b.ReceiveDrops))
    {
        UdpBufferErrors = Sum(a.UdpBufferErrors, b.UdpBufferErrors),
    };
}
