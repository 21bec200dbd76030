using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Agent.History;

/// <summary>The host's vitals as figures of the store; what a source did not tell is missing, never zero.</summary>
internal static class VitalsRow
{
    private static readonly (HistoryFigure Figure, Func<HostWindow, long?> Of)[] s_figures =
    [
        (new("covered_ms"), w => w.Length.Nanoseconds / 1_000_000),
        (new("stalls"), w => w.Stalls.Count(s => !s.IsOngoing)),
        (new("stalled_us"), w => w.Stalls.Where(s => !s.IsOngoing).Sum(s => s.Length.Microseconds)),
        (new("longest_stall_us", FigureMerge.Max), w => w.Stalls.Count == 0 ? 0 : w.Stalls.Max(s => s.Length.Microseconds)),
        (new("frozen_us"), w => w.Frozen.Microseconds),
        (new("suspended_us"), w => w.Suspended.Microseconds),
        (new("runtime_pauses_us"), w => w.RuntimePauses.Microseconds),
        (new("run_queue_us"), w => Micro(w.RunQueueDelay)),
        (new("probing_run_queue_us"), w => Micro(w.ProbingRunQueueDelay)),
        (new("involuntary_switches"), w => w.InvoluntarySwitches),
        (new("allowed_busy_us"), w => Micro(w.AllowedCpus?.Busy)),
        (new("allowed_idle_us"), w => Micro(w.AllowedCpus?.Idle)),
        (new("allowed_iowait_us"), w => Micro(w.AllowedCpus?.IoWait)),
        (new("allowed_steal_us"), w => Micro(w.AllowedCpus?.Steal)),
        (new("all_busy_us"), w => Micro(w.AllCpus?.Busy)),
        (new("all_idle_us"), w => Micro(w.AllCpus?.Idle)),
        (new("all_iowait_us"), w => Micro(w.AllCpus?.IoWait)),
        (new("all_steal_us"), w => Micro(w.AllCpus?.Steal)),
        (new("allowed_cpus", FigureMerge.Last), w => w.AllowedCpuCount),
        (new("online_cpus", FigureMerge.Last), w => w.OnlineCpuCount),
        (new("cpu_pressure_us"), w => Micro(w.Pressure.Cpu?.Some)),
        (new("io_pressure_us"), w => Micro(w.Pressure.Io?.Some)),
        (new("io_pressure_full_us"), w => Micro(w.Pressure.Io?.Full)),
        (new("memory_pressure_us"), w => Micro(w.Pressure.Memory?.Some)),
        (new("memory_pressure_full_us"), w => Micro(w.Pressure.Memory?.Full)),
        (new("cgroup_cpu_pressure_us"), w => Micro(w.CgroupPressure.Cpu?.Some)),
        (new("cgroup_io_pressure_us"), w => Micro(w.CgroupPressure.Io?.Some)),
        (new("cgroup_memory_pressure_us"), w => Micro(w.CgroupPressure.Memory?.Some)),
        (new("quota_millicpus", FigureMerge.Last), w => w.Cgroup?.QuotaCpus is { } cpus ? (long)Math.Round(cpus * 1_000) : null),
        (new("quota_periods"), w => w.Cgroup?.Periods),
        (new("throttled_periods"), w => w.Cgroup?.ThrottledPeriods),
        (new("throttled_us"), w => Micro(w.Cgroup?.ThrottledTime)),
        (new("major_faults"), w => w.MajorFaults),
        (new("softnet_drops"), w => w.Network.SoftnetDrops),
        (new("softnet_squeezes"), w => w.Network.SoftnetSqueezes),
        (new("interface_errors"), w => w.Network.InterfaceErrors),
        (new("udp_receive_errors"), w => w.Network.UdpReceiveErrors),
        (new("udp_buffer_errors"), w => w.Network.UdpBufferErrors),
        (new("tcp_retransmits"), w => w.Network.TcpRetransmits),
        (new("receive_drops"), w => w.Network.ReceiveDrops),
        (new("clock_synchronised", FigureMerge.Min), w => w.IsClockSynchronised is { } sound ? (sound ? 1 : 0) : null),
        (new("clock_step_us"), w => w.ClockStep.Microseconds),
        (new("clock_frequency_ppb", FigureMerge.Last), w => w.ClockFrequency is { } ppm ? (long)Math.Round(ppm * 1_000) : null),
    ];

    /// <summary>What a window of the host has.</summary>
    public static HistoryFigure[] Figures => [.. s_figures.Select(f => f.Figure)];

    /// <summary>A window as a row.</summary>
    public static HistoryRow Of(HostWindow window)
    {
        var row = new HistoryRow(HistoryShape.Host);
        for (var i = 0; i < s_figures.Length; i++)
        {
            row.Add(i, s_figures[i].Of(window));
        }

        return row;
    }

    private static long? Micro(Duration? value) => value?.Microseconds;
}
