using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Core.Diagnosis.Rules;

/// <summary>Successive windows of one host, taken together.</summary>
internal sealed class VitalSums
{
    public VitalSums(IReadOnlyCollection<HostWindow> windows)
    {
        foreach (var window in windows)
        {
            Add(window);
        }
    }

    public Duration Length { get; private set; }

    public Duration Frozen { get; private set; }

    public Duration Suspended { get; private set; }

    public Duration Throttled { get; private set; }

    public long ThrottledPeriods { get; private set; }

    public double? Quota { get; private set; }

    public Duration RuntimePauses { get; private set; }

    public Duration? Steal => _all?.Steal;

    public double? StolenShare => _all?.StolenShare;

    public Duration? ProbingRunQueueDelay { get; private set; }

    /// <summary>For what share of the time tasks waited for a CPU; the group's own where it has any, else the host's.</summary>
    public double? CpuPressure => Length.Nanoseconds == 0 ? null : Duration.Max(_cpu.Host, _cpu.Group).Nanoseconds / (double)Length.Nanoseconds;

    public Duration MemoryStall => Duration.Max(_memory.Host, _memory.Group);

    public Duration IoStall => Duration.Max(_io.Host, _io.Group);

    public long MajorFaults { get; private set; }

    /// <summary>In some window the CPUs that it may use were full and the others were not; the loads of both then, 0 to 1.</summary>
    public (double Allowed, double Others)? Pinned { get; private set; }

    /// <summary>The load of the CPUs that it may use, 0 to 1.</summary>
    public double AllowedLoad => _allowed?.Load ?? _all?.Load ?? 0;

    /// <summary>Packets that the host's own stack had no room for.</summary>
    public long Drops { get; private set; }

    private CpuTimes? _allowed;
    private CpuTimes? _all;
    private (Duration Host, Duration Group) _cpu;
    private (Duration Host, Duration Group) _memory;
    private (Duration Host, Duration Group) _io;

    private void Add(HostWindow window)
    {
        Length += window.Length;
        Frozen += window.Frozen;
        Suspended += window.Suspended;
        RuntimePauses += window.RuntimePauses;
        ProbingRunQueueDelay = window.ProbingRunQueueDelay is { } delay ? (ProbingRunQueueDelay ?? Duration.Zero) + delay : ProbingRunQueueDelay;
        MajorFaults += window.MajorFaults ?? 0;
        if (window.Cgroup is { } group)
        {
            Throttled += group.ThrottledTime;
            ThrottledPeriods += group.ThrottledPeriods;
            Quota = group.QuotaCpus;
        }

        _allowed = Sum(_allowed, window.AllowedCpus);
        _all = Sum(_all, window.AllCpus);
        TakePinning(window);
        AddPressure(window.Pressure, window.CgroupPressure);
        var network = window.Network;
        Drops += (network.SoftnetDrops ?? 0) + (network.InterfaceErrors ?? 0) + Math.Max(network.UdpReceiveErrors ?? 0, network.ReceiveDrops ?? 0);
    }

    private void TakePinning(HostWindow window)
    {
        if (window.AllowedCpuCount < window.OnlineCpuCount && window is { AllCpus: { } all, AllowedCpus: { } allowed } && all.Total > allowed.Total
            && allowed.Load is { } load)
        {
            var busy = all.Busy + all.Steal - allowed.Busy - allowed.Steal;
            var others = Math.Max(0, (double)busy.Nanoseconds / (all.Total - allowed.Total).Nanoseconds);
            // A window in which it only begins shows less; who waits for a CPU beside idle ones that he may not use is pinned all the same.
            Pinned = load >= 0.4 && others <= 0.6 && load - others >= 0.3 && (Pinned is not { } before || load > before.Allowed) ? (load, others) : Pinned;
        }
    }

    private void AddPressure(HostPressure host, HostPressure group)
    {
        _cpu = (_cpu.Host + Some(host.Cpu), _cpu.Group + Some(group.Cpu));
        _memory = (_memory.Host + Some(host.Memory), _memory.Group + Some(group.Memory));
        _io = (_io.Host + Some(host.Io), _io.Group + Some(group.Io));
    }

    private static Duration Some(PressureTime? pressure) => pressure?.Some ?? Duration.Zero;

    private static CpuTimes? Sum(CpuTimes? a, CpuTimes? b) => b is not { } more ? a
        : a is not { } sum ? more
        : new CpuTimes(sum.Busy + more.Busy, sum.Idle + more.Idle, sum.IoWait + more.IoWait, sum.Steal + more.Steal);
}
