using Meshpulse.Core.Diagnosis.Views;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Core.Diagnosis.Rules;

/// <summary>
/// Why a host stalled, by its vitals of that moment.
/// <para>
/// The problem: a busy host shows many signs at once. A CPU hog raises the pressure, a throttled group too, and a thread that reads a page from a full
/// disk waits as long as one that waits for a CPU. The obvious way, the highest figure wins, names whatever has the largest numbers. What we do: ask
/// in the order of proof. First what can only have one cause (the machine was suspended, nothing of ours ran, the quota stopped us, the hypervisor
/// ran others), then what the thread itself waited for (a CPU or not), and only then what the host suffers from.
/// </para>
/// </summary>
internal static class StallCause
{
    // Around a stall, since vitals are cut in quarter seconds and a cause begins before its effect.
    private static readonly Duration s_around = Duration.FromMilliseconds(300);

    /// <summary>The cause of stalls in a time.</summary>
    /// <param name="node">The host.</param>
    /// <param name="from">When the first began.</param>
    /// <param name="until">When the last ended.</param>
    /// <param name="stalled">How long the host stalled in all.</param>
    /// <param name="waited">How long its thread waited for a CPU meanwhile; null where that is not known.</param>
    public static (VerdictKind What, double Confidence, List<VerdictEvidence> Evidence) Of(
        NodeView node, MonoTime from, MonoTime until, Duration stalled, Duration? waited)
    {
        var windows = node.WindowsIn(from - s_around, until + s_around).ToList();
        var evidence = new List<VerdictEvidence>();
        if (windows.Count == 0)
        {
            return (VerdictKind.HostStalled, 0.6, evidence);
        }

        var sums = new VitalSums(windows);
        var verdict = Proven(node.Name, sums, stalled, evidence)
            ?? OfCpu(node.Name, sums, stalled, waited, evidence)
            ?? OfWaiting(node.Name, sums, stalled, evidence)
            ?? (VerdictKind.HostStalled, 0.6);
        return (verdict.What, verdict.Confidence, evidence);
    }

    private static (VerdictKind What, double Confidence)? Proven(string host, VitalSums sums, Duration stalled, List<VerdictEvidence> evidence)
    {
        if (Duration.Max(sums.Frozen, sums.Suspended) >= stalled / 2)
        {
            Add(evidence, host, "no thread ran for", sums.Frozen);
            Add(evidence, host, "suspended for", sums.Suspended);
            return (VerdictKind.HostFrozen, 0.95);
        }

        if (sums.ThrottledPeriods > 0 && sums.Throttled >= stalled / 4)
        {
            Add(evidence, host, "stopped by the quota for", sums.Throttled);
            evidence.Add(new VerdictEvidence(host, "quota", sums.Quota ?? double.NaN, "CPUs", null));
            return (VerdictKind.HostCpuThrottled, 0.95);
        }

        // Where the CPUs are full, a pause is long because its threads wait for one as well; where memory is short, because the collector waits for its pages.
        if (sums.RuntimePauses >= stalled / 2 && !IsPressed(sums) && !LacksPages(sums))
        {
            Add(evidence, host, "runtime paused for", sums.RuntimePauses);
            return (VerdictKind.HostRuntimePause, 0.95);
        }

        if (sums.Steal is { } steal && sums.StolenShare is { } share && (steal >= stalled / 3 || share >= 0.15) && share >= 0.05)
        {
            Add(evidence, host, "stolen by the hypervisor", steal);
            evidence.Add(new VerdictEvidence(host, "stolen share of CPU time", Math.Round(share * 100, 1), "%", 0));
            return (VerdictKind.HostCpuSteal, 0.9);
        }

        return null;
    }

    private static (VerdictKind What, double Confidence)? OfCpu(
        string host, VitalSums sums, Duration stalled, Duration? waited, List<VerdictEvidence> evidence)
    {
        var known = waited ?? sums.ProbingRunQueueDelay;
        var wait = known ?? Duration.Zero;
        var isWaiting = wait >= stalled / 2;
        // A busy host may be stopped as well: where the wait is known and was short, pressure proves nothing. What is not in the vitals yet comes with the next.
        if (!isWaiting && !(IsPressed(sums) && (known is null || sums.RuntimePauses >= stalled / 2)))
        {
            return null;
        }

        Add(evidence, host, "waited for a CPU", wait);
        evidence.Add(new VerdictEvidence(host, "CPU pressure", Math.Round((sums.CpuPressure ?? 0) * 100), "%", 0));
        if (sums.Pinned is { } pinned)
        {
            evidence.Add(new VerdictEvidence(host, "load of the CPUs that it may use", Math.Round(pinned.Allowed * 100), "%", null));
            evidence.Add(new VerdictEvidence(host, "load of the others", Math.Round(pinned.Others * 100), "%", null));
            return (VerdictKind.HostPinning, 0.9);
        }

        evidence.Add(new VerdictEvidence(host, "CPU load", Math.Round(sums.AllowedLoad * 100), "%", null));
        return (VerdictKind.HostCpuContention, isWaiting ? 0.95 : 0.7);
    }

    private static bool IsPressed(VitalSums sums) => sums.CpuPressure >= 0.6 && sums.AllowedLoad >= 0.9;

    private static bool LacksPages(VitalSums sums) => sums.MajorFaults >= 10 && sums.MemoryStall > Duration.Zero;

    private static (VerdictKind What, double Confidence)? OfWaiting(string host, VitalSums sums, Duration stalled, List<VerdictEvidence> evidence)
    {
        var (memory, io) = (sums.MemoryStall, sums.IoStall);
        if (memory >= stalled / 5 || LacksPages(sums))
        {
            Add(evidence, host, "tasks waited for memory", memory);
            evidence.Add(new VerdictEvidence(host, "major faults", sums.MajorFaults, "", 0));
            return (VerdictKind.HostMemoryPressure, 0.85);
        }

        if (io >= stalled / 3)
        {
            Add(evidence, host, "tasks waited for disks", io);
            return (VerdictKind.HostIoPressure, 0.85);
        }

        return null;
    }

    private static void Add(List<VerdictEvidence> evidence, string host, string figure, Duration value)
    {
        if (value > Duration.Zero)
        {
            evidence.Add(new VerdictEvidence(host, figure, Math.Round(value.Milliseconds, 1), "ms", 0));
        }
    }
}
