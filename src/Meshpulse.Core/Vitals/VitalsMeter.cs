using Meshpulse.Core.Time;

namespace Meshpulse.Core.Vitals;

/// <summary>
/// Makes windows of successive readings.
/// <para>
/// The problem: totals begin anew (another cgroup, a CPU that went, an interface that came, a counter of 32 bits that is full), and a source may say nothing
/// for a while. The obvious way, to subtract and to take a fall for a wrap, gives a flood of drops that never were.
/// What we do: a total that fell, or whose parts changed, gives null for one window with the reason in <see cref="HostWindow.Missing"/>, and so does one
/// that was not there before. The only falls that are taken for zero are those of idle and waiting time by some ticks, which proc_stat(5) warns of.
/// </para>
/// Not thread-safe.
/// </summary>
public sealed class VitalsMeter
{
    /// <summary>The most stalls in one window; of more, the longest are kept.</summary>
    public const int MaxStalls = 64;

    private readonly FreezeJudge _judge = new();
    private HostReading? _before;

    /// <summary>Ends a window.</summary>
    /// <param name="now">The reading at its end, which begins the next one.</param>
    /// <param name="stalls">The stalls that ended since the last reading, and one that still lasts, with its length so far.</param>
    /// <returns>Null for the first reading, and for one that is not later than the one before.</returns>
    public HostWindow? Close(HostReading now, IReadOnlyList<HostStall> stalls)
    {
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(stalls);
        if (_before is not { } before || now.Clocks.Mono <= before.Clocks.Mono)
        {
            _before ??= now;
            return null;
        }

        _before = now;
        var difference = new ReadingDifference(before, now);
        var window = Figures(difference, before, now) with { Stalls = Kept(stalls) };
        var waited = difference.ThreadDelay(now.ReadingThread);
        // Last, for it draws on the rest; and the list of what is missing is complete only now.
        return window with { Frozen = _judge.Frozen(window, before, now, waited), Missing = [.. now.Missing, .. difference.Reasons] };
    }

    private static HostWindow Figures(ReadingDifference difference, HostReading before, HostReading now) => new(before.Clocks.Mono, now.Clocks.Mono)
    {
        RunQueueDelay = difference.RunQueueDelay(),
        ProbingRunQueueDelay = difference.ThreadDelay(now.ProbingThread),
        InvoluntarySwitches = difference.InvoluntarySwitches(),
        AllowedCpus = now.AllowedCpus is { } allowed ? difference.Cpus(allowed) : null,
        AllCpus = difference.Cpus(null),
        AllowedCpuCount = AllowedCount(now),
        OnlineCpuCount = now.OnlineCpuCount ?? now.Cpus?.Count,
        Pressure = difference.Pressure(r => r.Pressure, "pressure"),
        CgroupPressure = difference.Pressure(r => r.CgroupPressure, "cgroup.pressure"),
        Cgroup = difference.Cgroup(),
        MajorFaults = difference.Count(r => r.MajorFaults, "self/stat"),
        Power = now.Power,
        Network = difference.Network(),
        IsClockSynchronised = now.IsClockSynchronised,
        ClockFrequency = now.ClockFrequency,
        ClockStep = difference.ClockStep(),
        Suspended = difference.Suspended(),
        RuntimePauses = difference.Span(r => r.RuntimePauses, "runtime") ?? Duration.Zero,
    };

    private static int? AllowedCount(HostReading now) =>
        now.AllowedCpus is not { } allowed ? null : now.Cpus is { } online ? online.Count(cpu => allowed.Contains(cpu.Cpu)) : allowed.Count;

    private static IReadOnlyList<HostStall> Kept(IReadOnlyList<HostStall> stalls) =>
        [.. stalls.OrderByDescending(s => s.Length).Take(MaxStalls).OrderBy(s => s.From)];
}
