namespace Meshpulse.Core.Diagnosis;

/// <summary>What can be wrong. The names that everybody sees are those of <see cref="VerdictKinds.IdOf"/>; docs/verdicts.md explains each.</summary>
public enum VerdictKind
{
    /// <summary>The host's CPUs have too much to do: our threads were ready and waited.</summary>
    HostCpuContention,

    /// <summary>A cgroup's CPU quota stopped the host's agent.</summary>
    HostCpuThrottled,

    /// <summary>The hypervisor ran somebody else.</summary>
    HostCpuSteal,

    /// <summary>The host waits for its disks.</summary>
    HostIoPressure,

    /// <summary>The host is short of memory.</summary>
    HostMemoryPressure,

    /// <summary>Nothing of the agent ran: stopped, frozen, migrated, suspended.</summary>
    HostFrozen,

    /// <summary>The host's CPUs sleep so deeply that waking takes long.</summary>
    HostPowerSave,

    /// <summary>The agent may use few CPUs, which are full while others are idle.</summary>
    HostPinning,

    /// <summary>The host's network stack drops what it received.</summary>
    HostReceiveDrops,

    /// <summary>The agent's own runtime paused.</summary>
    HostRuntimePause,

    /// <summary>The host stalled, and nothing says why.</summary>
    HostStalled,

    /// <summary>The host's agent ended without a word; the host still answers.</summary>
    HostProcessGone,

    /// <summary>The host is gone: nothing of it answers.</summary>
    HostGone,

    /// <summary>The host's agent began anew.</summary>
    HostRestarted,

    /// <summary>The host's agent was stopped by its operator.</summary>
    HostLeft,

    /// <summary>The host is in maintenance.</summary>
    HostMaintenance,

    /// <summary>The host's wall clock stepped.</summary>
    ClockStep,

    /// <summary>The host's wall clock runs too fast or too slow.</summary>
    ClockDrift,

    /// <summary>The host's wall clock is not synchronised, and off.</summary>
    ClockUnsynchronised,

    /// <summary>Packets are lost at random.</summary>
    PathLoss,

    /// <summary>Nothing gets through.</summary>
    PathBlackhole,

    /// <summary>Some flows lose everything, others nothing.</summary>
    PathFlowLoss,

    /// <summary>Delay is longer than it was, and steady.</summary>
    PathLatency,

    /// <summary>Delay varies more than it did.</summary>
    PathJitter,

    /// <summary>A queue fills: delay grows, then packets are lost.</summary>
    PathCongestion,

    /// <summary>Large packets do not pass.</summary>
    PathMtu,

    /// <summary>Packets overtake each other.</summary>
    PathReordering,

    /// <summary>Packets arrive twice.</summary>
    PathDuplication,

    /// <summary>Packets arrive damaged.</summary>
    PathCorruption,

    /// <summary>Packets take another way than before.</summary>
    PathChanged,

    /// <summary>All that goes to or comes from one node suffers alike: its link, its network card, its switch port.</summary>
    NodeUplink,

    /// <summary>Nothing of a datacenter answers.</summary>
    DatacenterDown,

    /// <summary>All paths between two datacenters suffer.</summary>
    DatacenterPath,

    /// <summary>The mesh has fallen into parts that do not hear each other.</summary>
    MeshPartitioned,

    /// <summary>The node that says so is itself in no state to judge others.</summary>
    ObserverSick,
}
