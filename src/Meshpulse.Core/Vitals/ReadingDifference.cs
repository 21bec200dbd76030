using Meshpulse.Core.Time;

namespace Meshpulse.Core.Vitals;

/// <summary>Two readings of one host, subtracted figure by figure. What can't be, and is not missing in the later one already, is told in <see cref="Reasons"/>.</summary>
internal sealed class ReadingDifference(HostReading before, HostReading now)
{
    /// <summary>By how many ticks idle and waiting times may fall.</summary>
    private const long IdleSlack = 10;

    /// <summary>Below this the boot-time clock and the monotonic one differ by how they are read.</summary>
    private static readonly Duration s_suspendFloor = Duration.FromMilliseconds(1);

    private readonly List<string> _reasons = [];

    /// <summary>What could not be compared, as <c>name: reason</c>, each once.</summary>
    public IReadOnlyList<string> Reasons => _reasons;

    private Duration Length => now.Clocks.Mono - before.Clocks.Mono;

    /// <summary>A counter's growth.</summary>
    public long? Count(Func<HostReading, long?> pick, string name) => Grown(pick(before), pick(now), name);

    /// <summary>A sum of time's growth.</summary>
    public Duration? Span(Func<HostReading, Duration?> pick, string name) =>
        Grown(pick(before)?.Nanoseconds, pick(now)?.Nanoseconds, name) is { } grown ? new Duration(grown) : null;

    /// <summary>How long our threads waited for a CPU. Of a thread that has begun since, no more than the window is long: it may have been found late.</summary>
    public Duration? RunQueueDelay() =>
        Threads(thread => thread.RunQueueDelay?.Nanoseconds, Length.Nanoseconds, "threads.schedstat") is { } sum ? new Duration(sum) : null;

    /// <summary>How often our threads were taken off a CPU.</summary>
    public long? InvoluntarySwitches() => Threads(thread => thread.InvoluntarySwitches, long.MaxValue, "threads.status");

    /// <summary>How long one thread waited; null for no number, and for a thread that is not in both readings.</summary>
    public Duration? ThreadDelay(int? tid)
    {
        if (tid is not { } wanted || Of(before, wanted)?.RunQueueDelay is not { } first || Of(now, wanted)?.RunQueueDelay is not { } last || last < first)
        {
            return null;
        }

        return last - first;
    }

    /// <summary>What CPUs did; null for which means all.</summary>
    public CpuTimes? Cpus(CpuSet? which)
    {
        if (now.Cpus is not { } last)
        {
            return null;
        }

        if (before.Cpus is not { } first)
        {
            return Without<CpuTimes>("stat", "first reading");
        }

        if (!first.Select(cpu => cpu.Cpu).SequenceEqual(last.Select(cpu => cpu.Cpu)))
        {
            return Without<CpuTimes>("stat", "CPUs came or went");
        }

        return Summed(first, last, which);
    }

    /// <summary>Pressure on the host or in the cgroup.</summary>
    public HostPressure Pressure(Func<HostReading, HostPressure> pick, string name) => new(
        Pressed(r => pick(r).Cpu, $"{name}.cpu"),
        Pressed(r => pick(r).Io, $"{name}.io"),
        Pressed(r => pick(r).Memory, $"{name}.memory"));

    /// <summary>What the quota did.</summary>
    public CgroupCpu? Cgroup()
    {
        if (now.Cgroup is not { } last)
        {
            return null;
        }

        if (before.Cgroup is not { } first || before.CgroupName != now.CgroupName)
        {
            return Without<CgroupCpu>("cgroup.cpu", "first reading");
        }

        var periods = Grown(first.Periods, last.Periods, "cgroup.cpu");
        var throttled = Grown(first.ThrottledPeriods, last.ThrottledPeriods, "cgroup.cpu");
        var time = Grown(first.ThrottledTime.Nanoseconds, last.ThrottledTime.Nanoseconds, "cgroup.cpu");
        return periods is { } p && throttled is { } t && time is { } d ? new CgroupCpu(last.QuotaCpus, p, t, new Duration(d)) : null;
    }

    /// <summary>What the network stack lost or repeated.</summary>
    public NetworkTrouble Network()
    {
        var sameCpus = before.SoftnetCpus == now.SoftnetCpus || before.Network.SoftnetDrops is null;
        var sameInterfaces = before.Interfaces == now.Interfaces || before.Network.InterfaceErrors is null;
        return new NetworkTrouble(
            sameCpus ? Count(r => r.Network.SoftnetDrops, "net/softnet_stat") : Unlike(now.Network.SoftnetDrops, "net/softnet_stat", "CPUs came or went"),
            sameCpus ? Count(r => r.Network.SoftnetSqueezes, "net/softnet_stat") : null,
            sameInterfaces ? Count(r => r.Network.InterfaceErrors, "net/dev") : Unlike(now.Network.InterfaceErrors, "net/dev", "interfaces came or went"),
            Count(r => r.Network.UdpReceiveErrors, "net/snmp.udp"),
            Count(r => r.Network.TcpRetransmits, "net/snmp.tcp"),
            Count(r => r.Network.ReceiveDrops, "sockets"))
        {
            UdpBufferErrors = Count(r => r.Network.UdpBufferErrors, "net/snmp.udp"),
        };
    }

    /// <summary>
    /// By how much the wall clock moved against the boot-time one; against the monotonic one alone, a suspend would look like a step. Both run equally fast by
    /// the kernel's clock, however that is slewed; the 500 ppm are for kernels that do not keep to it.
    /// </summary>
    public Duration ClockStep()
    {
        var step = now.Clocks.SteppedSince(before.Clocks);
        if (now.Suspended is { } last && before.Suspended is { } first)
        {
            step -= last - first;
        }

        var floor = Duration.FromMicroseconds(100) + (Length / 2_000) + now.ClockUncertainty + before.ClockUncertainty;
        return step.Abs() > floor ? step : Duration.Zero;
    }

    /// <summary>For how long the machine was suspended.</summary>
    public Duration Suspended()
    {
        if (now.Suspended is not { } last || before.Suspended is not { } first)
        {
            return Duration.Zero;
        }

        return last - first > s_suspendFloor ? last - first : Duration.Zero;
    }

    private static ThreadReading? Of(HostReading reading, int tid)
    {
        foreach (var thread in reading.Threads ?? [])
        {
            if (thread.Tid == tid)
            {
                return thread;
            }
        }

        return null;
    }

    private long? Threads(Func<ThreadReading, long?> pick, long mostOfNew, string name)
    {
        if (now.Threads is not { } last)
        {
            return null;
        }

        if (before.Threads is null)
        {
            return Without<long>(name, "first reading");
        }

        // By number: some ten threads, but a host with many CPUs has hundreds.
        var known = before.Threads.ToDictionary(thread => thread.Tid, pick);
        long? sum = null;
        foreach (var thread in last)
        {
            if (pick(thread) is { } value)
            {
                var grown = known.TryGetValue(thread.Tid, out var old) ? Own(old, value) : Math.Min(value, mostOfNew);
                sum = ProcText.Sum(sum ?? 0, grown);
            }
        }

        return sum;

        // One that fell belongs to another thread that got the number; one that was not told before can't be compared.
        long Own(long? old, long value) => old is not { } first ? 0 : value >= first ? value - first : Math.Min(value, mostOfNew);
    }

    private PressureTime? Pressed(Func<HostReading, PressureTime?> pick, string name)
    {
        var some = Span(r => pick(r)?.Some, name);
        var full = Span(r => pick(r)?.Full, name);
        return some is { } s && full is { } f ? new PressureTime(s, f) : null;
    }

    private CpuTimes? Summed(IReadOnlyList<CpuTicks> first, IReadOnlyList<CpuTicks> last, CpuSet? which)
    {
        var sum = default(CpuTicks);
        var found = 0;
        for (var i = 0; i < last.Count; i++)
        {
            if (which is not null && !which.Contains(last[i].Cpu))
            {
                continue;
            }

            if (Difference(first[i], last[i]) is not { } ticks)
            {
                return Without<CpuTimes>("stat", "went back");
            }

            found++;
            sum = new CpuTicks(
                0,
                ProcText.Sum(sum.Busy, ticks.Busy),
                ProcText.Sum(sum.Idle, ticks.Idle),
                ProcText.Sum(sum.IoWait, ticks.IoWait),
                ProcText.Sum(sum.Steal, ticks.Steal));
        }

        return found == 0 ? Without<CpuTimes>("stat", "none of our CPUs") : new CpuTimes(Time(sum.Busy), Time(sum.Idle), Time(sum.IoWait), Time(sum.Steal));

        // A quarter of what fits: their sum must not wrap around.
        static Duration Time(long ticks) => Duration.Min(ProcText.Span(ticks, CpuTicks.Nanoseconds), Duration.MaxValue / 4);
    }

    private static CpuTicks? Difference(CpuTicks first, CpuTicks last)
    {
        var difference = new CpuTicks(last.Cpu, last.Busy - first.Busy, last.Idle - first.Idle, last.IoWait - first.IoWait, last.Steal - first.Steal);
        return difference.Busy < 0 || difference.Steal < 0 || difference.Idle < -IdleSlack || difference.IoWait < -IdleSlack
            ? null
            : difference with { Idle = Math.Max(0, difference.Idle), IoWait = Math.Max(0, difference.IoWait) };
    }

    private long? Grown(long? first, long? last, string name)
    {
        if (last is not { } value)
        {
            return null;
        }

        return first is not { } old ? Without<long>(name, "first reading") : value < old ? Without<long>(name, "went back") : value - old;
    }

    private long? Unlike(long? last, string name, string reason) => last is null ? null : Without<long>(name, reason);

    private T? Without<T>(string name, string reason)
        where T : struct
    {
        var text = $"{name}: {reason}";
        if (!_reasons.Contains(text))
        {
            _reasons.Add(text);
        }

        return null;
    }
}
