using Meshpulse.Core.Time;

namespace Meshpulse.Core.Vitals;

/// <summary>The CPU quota of the cgroup that we are in, or of the one above it that is tightest (cgroup v2: cpu.max, cpu.stat; v1: cpu.cfs_quota_us, cpu.stat).</summary>
/// <param name="QuotaCpus">How many CPUs' time it may use; null for no quota.</param>
/// <param name="Periods">Enforcement periods in the window.</param>
/// <param name="ThrottledPeriods">Those in which it was stopped.</param>
/// <param name="ThrottledTime">How long its tasks were stopped in the window, summed over its run queues.</param>
public readonly record struct CgroupCpu(double? QuotaCpus, long Periods, long ThrottledPeriods, Duration ThrottledTime);
