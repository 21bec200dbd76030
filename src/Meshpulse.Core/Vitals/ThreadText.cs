using Meshpulse.Core.Time;

namespace Meshpulse.Core.Vitals;

/// <summary>What proc(5) tells of threads: schedstat (Linux: Documentation/scheduler/sched-stats.rst), status, and the process's stat.</summary>
public static class ThreadText
{
    // Its place in proc_pid_stat(5), counted from 1.
    private const int MajorFaultsField = 12;

    /// <summary>For how long the thread was ready and waited, since it began: the second number of <c>schedstat</c>, in nanoseconds.</summary>
    /// <returns>Null where the text is not three numbers.</returns>
    public static Duration? RunQueueDelay(ReadOnlySpan<byte> schedstat)
    {
        _ = ProcText.TryLine(ref schedstat, out var line);
        return ProcText.TryNextNumber(ref line, out _) && ProcText.TryNextNumber(ref line, out var delay) && ProcText.TryNextNumber(ref line, out _)
            ? new Duration(delay)
            : null;
    }

    /// <summary>How often the thread was taken off a CPU against its will, since it began.</summary>
    public static long? InvoluntarySwitches(ReadOnlySpan<byte> status) => ProcText.NumberAfter(status, "nonvoluntary_ctxt_switches:"u8);

    /// <summary>The CPUs that it may use.</summary>
    public static CpuSet? AllowedCpus(ReadOnlySpan<byte> status)
    {
        var key = "Cpus_allowed_list:"u8;
        while (ProcText.TryLine(ref status, out var line))
        {
            if (line.StartsWith(key))
            {
                return CpuSet.TryParse(line[key.Length..], out var set) ? set : null;
            }
        }

        return null;
    }

    /// <summary>Major faults of the whole process, since it began: field 12 of /proc/self/stat. The second field is a name with any bytes in it, in parentheses.</summary>
    public static long? MajorFaults(ReadOnlySpan<byte> stat)
    {
        var name = stat.LastIndexOf((byte)')');
        if (name < 0)
        {
            return null;
        }

        var rest = stat[(name + 1)..].TrimEnd((byte)'\n');
        for (var field = 3; field < MajorFaultsField; field++)
        {
            _ = ProcText.Word(ref rest);
        }

        return ProcText.TryNextNumber(ref rest, out var faults) ? faults : null;
    }
}
