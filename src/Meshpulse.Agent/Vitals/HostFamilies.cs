using Meshpulse.Agent.Export;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Agent.Vitals;

/// <summary>The host's vitals. Every family is declared on every host; what a host does not tell has no sample, and <c>meshpulse_host_missing</c> says why.</summary>
internal static class HostFamilies
{
    /// <summary>Writes them all.</summary>
    public static void Write(ExpositionWriter writer, VitalsTotals totals)
    {
        writer.Family("meshpulse_host_windows", MetricKind.Counter, "Windows of the host's vitals so far, four a second.");
        writer.Sample(totals.Windows);
        WriteThreads(writer, totals);
        WriteCpus(writer, totals);
        WritePressure(writer, totals);
        WriteCgroup(writer, totals);
        WriteNetwork(writer, totals.Network);
        WriteTime(writer, totals);
        WritePower(writer, totals.Latest?.Power);
        writer.Family("meshpulse_host_missing", MetricKind.Gauge, "1 for each source that could not be read for the latest window.");
        foreach (var line in totals.Latest?.Missing ?? [])
        {
            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            writer.Sample(1, new Label("source", line[..colon]), new Label("reason", line[(colon + 2)..]));
        }
    }

    private static void WriteThreads(ExpositionWriter writer, VitalsTotals totals)
    {
        writer.Family("meshpulse_host_stalls", MetricKind.Counter, "Times that the probing thread woke 5 ms late or more.");
        writer.Sample(totals.Stalls.Count);
        Seconds(writer, "meshpulse_host_stall_seconds", "Time by which it woke late then.", totals.Stalls.Time);
        writer.Family("meshpulse_host_run_queue_delay_seconds", MetricKind.Counter, "Time that threads of ours were ready and waited for a CPU.", "seconds");
        Sample(writer, totals.RunQueueDelay, new Label("threads", "all"));
        Sample(writer, totals.ProbingRunQueueDelay, new Label("threads", "probing"));
        Count(writer, "meshpulse_host_involuntary_switches", "Times that threads of ours were taken off a CPU against their will.", totals.InvoluntarySwitches);
        Count(writer, "meshpulse_host_major_faults", "Page faults of ours that had to wait for a disk.", totals.MajorFaults);
        Seconds(writer, "meshpulse_host_runtime_pause_seconds", "Time for which our own garbage collector stopped our threads.", totals.RuntimePauses);
        Seconds(writer, "meshpulse_host_frozen_seconds", "Time for which no thread of ours ran: stopped, frozen, or a VM that stood still.", totals.Frozen);
    }

    private static void WriteCpus(ExpositionWriter writer, VitalsTotals totals)
    {
        writer.Family("meshpulse_host_cpu_seconds", MetricKind.Counter, "CPU time, of the CPUs that we may use and of all.", "seconds");
        foreach (var (which, sum) in new[] { ("allowed", totals.AllowedCpus), ("all", totals.AllCpus) })
        {
            Sample(writer, sum?.Busy, new Label("cpus", which), new Label("state", "busy"));
            Sample(writer, sum?.Idle, new Label("cpus", which), new Label("state", "idle"));
            Sample(writer, sum?.IoWait, new Label("cpus", which), new Label("state", "iowait"));
            Sample(writer, sum?.Steal, new Label("cpus", which), new Label("state", "steal"));
        }

        writer.Family("meshpulse_host_cpus", MetricKind.Gauge, "CPUs that are online, and those of them that we may use.");
        Sample(writer, totals.Latest?.AllowedCpuCount, new Label("cpus", "allowed"));
        Sample(writer, totals.Latest?.OnlineCpuCount, new Label("cpus", "online"));
    }

    private static void WritePressure(ExpositionWriter writer, VitalsTotals totals)
    {
        writer.Family("meshpulse_host_pressure_seconds", MetricKind.Counter, "Time that some or all tasks waited for a resource.", "seconds");
        foreach (var (scope, pressure) in new[] { ("host", totals.Pressure), ("cgroup", totals.CgroupPressure) })
        {
            foreach (var (resource, time) in new[] { ("cpu", pressure.Cpu), ("io", pressure.Io), ("memory", pressure.Memory) })
            {
                Sample(writer, time?.Some, new Label("scope", scope), new Label("resource", resource), new Label("tasks", "some"));
                Sample(writer, time?.Full, new Label("scope", scope), new Label("resource", resource), new Label("tasks", "all"));
            }
        }
    }

    private static void WriteCgroup(ExpositionWriter writer, VitalsTotals totals)
    {
        writer.Family("meshpulse_host_cpu_quota", MetricKind.Gauge, "CPUs' worth of time that our cgroup may use; missing without a quota.");
        if (totals.Latest?.Cgroup?.QuotaCpus is { } quota)
        {
            writer.Sample(quota);
        }

        Count(writer, "meshpulse_host_throttled_periods", "Enforcement periods in which the quota stopped our cgroup.", totals.Cgroup?.ThrottledPeriods);
        Seconds(writer, "meshpulse_host_throttled_seconds", "Time for which it did, summed over run queues.", totals.Cgroup?.ThrottledTime);
    }

    private static void WriteNetwork(ExpositionWriter writer, NetworkTrouble network)
    {
        Count(writer, "meshpulse_host_softnet_drops", "Packets dropped since a CPU's backlog was full.", network.SoftnetDrops);
        Count(writer, "meshpulse_host_softnet_squeezes", "Times that a CPU's packet budget ran out.", network.SoftnetSqueezes);
        Count(writer, "meshpulse_host_interface_errors", "Receive errors and drops of all interfaces but the loopback.", network.InterfaceErrors);
        Count(writer, "meshpulse_host_udp_receive_errors", "UDP datagrams that could not be delivered on this host.", network.UdpReceiveErrors);
        Count(writer, "meshpulse_host_udp_buffer_errors", "Those of them that found a socket's buffer full.", network.UdpBufferErrors);
        Count(writer, "meshpulse_host_tcp_retransmits", "TCP segments that this host sent again.", network.TcpRetransmits);
        Count(writer, "meshpulse_host_receive_drops", "Packets that our own sockets' queues had no room for.", network.ReceiveDrops);
    }

    private static void WriteTime(ExpositionWriter writer, VitalsTotals totals)
    {
        Seconds(writer, "meshpulse_host_suspended_seconds", "Time for which the machine was suspended.", totals.Suspended);
        Count(writer, "meshpulse_host_clock_steps", "Steps of the wall clock.", totals.ClockSteps.Count);
        Seconds(writer, "meshpulse_host_clock_step_seconds", "Their sizes together, without sign.", totals.ClockSteps.Size);
        writer.Family("meshpulse_host_clock_synchronised", MetricKind.Gauge, "1 where the kernel takes its clock for synchronised, else 0.");
        if (totals.Latest?.IsClockSynchronised is { } isSynchronised)
        {
            writer.Sample(isSynchronised ? 1 : 0);
        }

        writer.Family("meshpulse_host_clock_frequency_ratio", MetricKind.Gauge, "By how much faster than its oscillator the clock is told to run.", "ratio");
        if (totals.Latest?.ClockFrequency is { } frequency)
        {
            writer.Sample(frequency / 1e6);
        }
    }

    private static void WritePower(ExpositionWriter writer, PowerSaving? power)
    {
        writer.Family("meshpulse_host_power", MetricKind.Info, "How the host saves power.");
        if (power is not null)
        {
            writer.Info(
                new Label("governor", power.Governor ?? ""),
                new Label("idle_state", power.DeepestIdleState ?? ""),
                new Label("idle_option", power.IdleOption ?? ""));
        }

        writer.Family("meshpulse_host_idle_exit_latency_seconds", MetricKind.Gauge, "Exit latency of the deepest idle state that is enabled.", "seconds");
        Sample(writer, power?.ExitLatency);
    }

    private static void Seconds(ExpositionWriter writer, string name, string help, Duration? value)
    {
        writer.Family(name, MetricKind.Counter, help, "seconds");
        Sample(writer, value);
    }

    private static void Count(ExpositionWriter writer, string name, string help, long? value)
    {
        writer.Family(name, MetricKind.Counter, help);
        Sample(writer, value);
    }

    private static void Sample(ExpositionWriter writer, Duration? value, params ReadOnlySpan<Label> labels)
    {
        if (value is { } known)
        {
            writer.Sample(known.Seconds, labels);
        }
    }

    private static void Sample(ExpositionWriter writer, long? value, params ReadOnlySpan<Label> labels)
    {
        if (value is { } known)
        {
            writer.Sample(known, labels);
        }
    }
}
