namespace Meshpulse.Core.Diagnosis;

/// <summary>The stable names of the verdicts, and what to do about each.</summary>
public static class VerdictKinds
{
    private static readonly Dictionary<VerdictKind, (string Id, string Suggestion)> s_kinds = new()
    {
        [VerdictKind.HostCpuContention] = ("host.cpu_contention", "find what uses the CPUs (top, pidstat -u); move it, limit it, or give what must be punctual a higher priority"),
        [VerdictKind.HostCpuThrottled] = ("host.cpu_throttled", "raise or remove the CPU quota (cpu.max, container limit), or spread the work over time"),
        [VerdictKind.HostCpuSteal] = ("host.cpu_steal", "ask for a quieter or larger host: the hypervisor gives this VM's time to others"),
        [VerdictKind.HostIoPressure] = ("host.io_pressure", "throttle backups and batch copies (ionice, io.max); look at iostat -x"),
        [VerdictKind.HostMemoryPressure] = ("host.memory_pressure", "find what fills the memory (top, vmstat, swap); limit it or add memory"),
        [VerdictKind.HostFrozen] = ("host.frozen", "look for a migration, a snapshot, a suspend, SIGSTOP or a frozen cgroup at that moment"),
        [VerdictKind.HostPowerSave] = ("host.power_save", "use the performance governor and forbid deep idle states (cpupower, tuned-adm profile latency-performance)"),
        [VerdictKind.HostPinning] = ("host.pinning", "widen the set of CPUs (cpuset, taskset), or move the others off it"),
        [VerdictKind.HostReceiveDrops] = ("host.receive_drops", "enlarge receive buffers and backlog (net.core.rmem_max, net.core.netdev_max_backlog), spread interrupts over CPUs"),
        [VerdictKind.HostRuntimePause] = ("host.runtime_pause", "this is Meshpulse's own doing: please report it"),
        [VerdictKind.HostStalled] = ("host.stalled", "its vitals do not say why: look at the host's log (dmesg) and its hypervisor at that moment"),
        [VerdictKind.HostProcessGone] = ("host.process_gone", "start the agent again; look in the host's log for why it ended (out of memory, crash)"),
        [VerdictKind.HostGone] = ("host.gone", "check power, console and the switch port of the host"),
        [VerdictKind.HostRestarted] = ("host.restarted", "nothing where that was intended; else look for why it ended"),
        [VerdictKind.HostLeft] = ("host.left", "nothing: it was stopped in order"),
        [VerdictKind.HostMaintenance] = ("host.maintenance", "nothing: it is in maintenance"),
        [VerdictKind.ClockStep] = ("clock.step", "have the clock slewed, not stepped (chrony: makestep only at the start); look for who sets it"),
        [VerdictKind.ClockDrift] = ("clock.drift", "check the time daemon (chronyc tracking)"),
        [VerdictKind.ClockUnsynchronised] = ("clock.unsynchronised", "start or repair the time daemon (chronyc tracking, timedatectl)"),
        [VerdictKind.PathLoss] = ("path.loss", "look at the error counters of both ends and of the switches between (ethtool -S, mtr)"),
        [VerdictKind.PathBlackhole] = ("path.blackhole", "look for a firewall rule, a missing route or a dead link in this direction (meshpulse trace)"),
        [VerdictKind.PathFlowLoss] = ("path.flow_loss", "one member of a bundle or one of several equal paths is bad: trace along the flows named here and look at that member"),
        [VerdictKind.PathLatency] = ("path.latency", "look for another route or a longer way (meshpulse trace)"),
        [VerdictKind.PathJitter] = ("path.jitter", "look for bursts of others on the way, power saving of a network card, or a shaped link"),
        [VerdictKind.PathCongestion] = ("path.congestion", "find what fills the link (interface counters, flow export) and slow it down or widen the link"),
        [VerdictKind.PathMtu] = ("path.mtu", "make the MTU the same all along the way, or let ICMP too-big messages pass"),
        [VerdictKind.PathReordering] = ("path.reordering", "look for a bundle that balances by packet instead of by flow"),
        [VerdictKind.PathDuplication] = ("path.duplication", "look for a loop, a mirrored port or two devices with one address"),
        [VerdictKind.PathCorruption] = ("path.corruption", "look at the error counters of cables, optics and cards along the way"),
        [VerdictKind.PathChanged] = ("path.changed", "nothing where that was intended; else compare traces from before and after"),
        [VerdictKind.NodeUplink] = ("node.uplink", "look at the node's link: cable, optics, switch port, bond, driver (ethtool -S, ip -s link)"),
        [VerdictKind.DatacenterDown] = ("datacenter.down", "check the datacenter's power and its links to the others"),
        [VerdictKind.DatacenterPath] = ("datacenter.path", "check the links and routers between the two datacenters"),
        [VerdictKind.MeshPartitioned] = ("mesh.partitioned", "look for what lies between the parts: a trunk, a spine, a firewall"),
        [VerdictKind.ObserverSick] = ("observer.sick", "heal this node first: what it says of others counts little meanwhile"),
    };

    private static readonly Dictionary<string, VerdictKind> s_byId = s_kinds.ToDictionary(k => k.Value.Id, k => k.Key, StringComparer.Ordinal);

    /// <summary>All names, in the order of the catalogue.</summary>
    public static IEnumerable<string> Ids => s_kinds.OrderBy(k => k.Key).Select(k => k.Value.Id);

    /// <summary>The stable name, such as <c>host.cpu_contention</c>.</summary>
    public static string IdOf(VerdictKind kind) => s_kinds[kind].Id;

    /// <summary>What an operator can do.</summary>
    public static string SuggestionFor(VerdictKind kind) => s_kinds[kind].Suggestion;

    /// <summary>How urgent it is.</summary>
    public static VerdictSeverity SeverityOf(VerdictKind kind) => kind switch
    {
        VerdictKind.HostProcessGone or VerdictKind.HostGone or VerdictKind.PathBlackhole or VerdictKind.NodeUplink or VerdictKind.DatacenterDown
            or VerdictKind.DatacenterPath or VerdictKind.MeshPartitioned => VerdictSeverity.Critical,
        VerdictKind.HostPowerSave or VerdictKind.HostRestarted or VerdictKind.HostLeft or VerdictKind.HostMaintenance or VerdictKind.PathChanged => VerdictSeverity.Info,
        _ => VerdictSeverity.Warning,
    };

    /// <summary>The kind of a name.</summary>
    public static bool TryParse(string id, out VerdictKind kind) => s_byId.TryGetValue(id, out kind);
}
