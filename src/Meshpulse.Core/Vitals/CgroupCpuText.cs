using Meshpulse.Core.Time;

namespace Meshpulse.Core.Vitals;

/// <summary>A cgroup's CPU quota and what it did: cpu.max and cpu.stat of version 2 (cgroup-v2.rst), cpu.cfs_quota_us, cpu.cfs_period_us and cpu.stat of version 1 (sched-bwc.rst).</summary>
public static class CgroupCpuText
{
    /// <summary>Version 2's cpu.max: <c>QUOTA PERIOD</c> in microseconds, or <c>max PERIOD</c>.</summary>
    /// <param name="text">The file.</param>
    /// <param name="cpus">How many CPUs' time may be used; null for no quota.</param>
    /// <returns>False where it is not of that form.</returns>
    public static bool TryMax(ReadOnlySpan<byte> text, out double? cpus)
    {
        cpus = null;
        _ = ProcText.TryLine(ref text, out var line);
        var quota = ProcText.Word(ref line);
        if (!ProcText.TryNextNumber(ref line, out var period) || period == 0)
        {
            return false;
        }

        if (quota.SequenceEqual("max"u8))
        {
            return true;
        }

        cpus = ProcText.TryNumber(quota, out var microseconds) ? (double)microseconds / period : null;
        return cpus is not null;
    }

    /// <summary>Version 1's two files: microseconds each, and -1 for no quota.</summary>
    /// <inheritdoc cref="TryMax" />
    public static bool TryQuota(ReadOnlySpan<byte> quota, ReadOnlySpan<byte> period, out double? cpus)
    {
        cpus = null;
        quota = quota.Trim(" \t\n"u8);
        if (!ProcText.TryNumber(period.Trim(" \t\n"u8), out var length) || length == 0)
        {
            return false;
        }

        if (quota.SequenceEqual("-1"u8))
        {
            return true;
        }

        cpus = ProcText.TryNumber(quota, out var microseconds) ? (double)microseconds / length : null;
        return cpus is not null;
    }

    /// <summary>cpu.stat of either version, as totals since the cgroup began. Without a quota version 2 leaves the lines out: then nothing was throttled.</summary>
    /// <param name="text">The file.</param>
    /// <param name="quotaCpus">The quota, which comes from another file.</param>
    /// <returns>Null where there is nothing of a cpu.stat in it.</returns>
    public static CgroupCpu? Stat(ReadOnlySpan<byte> text, double? quotaCpus)
    {
        var periods = ProcText.NumberAfter(text, "nr_periods "u8);
        var throttled = ProcText.NumberAfter(text, "nr_throttled "u8);
        Duration? time = ProcText.NumberAfter(text, "throttled_usec "u8) is { } microseconds
            ? ProcText.Span(microseconds, 1_000)
            : ProcText.NumberAfter(text, "throttled_time "u8) is { } nanoseconds ? new Duration(nanoseconds) : null;
        if (periods is null && ProcText.NumberAfter(text, "usage_usec "u8) is null)
        {
            return null;
        }

        return new CgroupCpu(quotaCpus, periods ?? 0, throttled ?? 0, time ?? Duration.Zero);
    }
}
