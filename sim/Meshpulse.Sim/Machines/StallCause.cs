namespace Meshpulse.Sim.Machines;

/// <summary>Why a machine's agent does not run when it wants to.</summary>
public enum StallCause
{
    /// <summary>All is well.</summary>
    None,

    /// <summary>The CPUs have too much to do.</summary>
    CpuContention,

    /// <summary>The cgroup's quota is used up.</summary>
    CpuThrottled,

    /// <summary>The hypervisor runs somebody else.</summary>
    CpuSteal,

    /// <summary>It waits for a disk.</summary>
    IoPressure,

    /// <summary>It waits for memory.</summary>
    MemoryPressure,

    /// <summary>The process is stopped.</summary>
    Frozen,

    /// <summary>The whole machine stands still, its kernel too.</summary>
    MachineFrozen,

    /// <summary>Waking up takes long.</summary>
    PowerSave,

    /// <summary>The one CPU that it may use is full.</summary>
    Pinning,

    /// <summary>The runtime paused it.</summary>
    RuntimePause,

    /// <summary>Nothing that can be read says why: the probing thread alone is held up.</summary>
    Unknown,
}
