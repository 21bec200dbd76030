using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Diagnosis.Views;
using Meshpulse.Core.Time;
using Meshpulse.Core.Vitals;

namespace Meshpulse.Core.Diagnosis.Rules;

/// <summary>What hosts say against themselves: their stalls with the cause, chronic lateness, restarts, maintenance, drops.</summary>
internal static class HostRules
{
    // A stall is told of for so long after its end, so that what it caused elsewhere, and is told later, finds it.
    private static readonly Duration s_memory = Duration.FromMilliseconds(2_000);
    private static readonly Duration s_chronicSpan = Duration.FromSeconds(2);

    // Until then vitals that explain a stall may still be on their way.
    private static readonly Duration s_patience = Duration.FromMilliseconds(700);

    // Within which there is a window that lies in the cause's time wholly.
    private static readonly Duration s_wholeWindow = Duration.FromMilliseconds(500);

    public static IEnumerable<Suspicion> Judge(FleetView fleet)
    {
        foreach (var node in fleet.Nodes.Values)
        {
            if (node.Notice == PeerNotice.Maintenance)
            {
                yield return OnHost(VerdictKind.HostMaintenance, node.Name, node.LastUntil, fleet.Now, 1) with { IsCertain = true };
                continue;
            }

            if (node.RestartedAt is { } restarted && fleet.Now - restarted < s_memory)
            {
                yield return OnHost(VerdictKind.HostRestarted, node.Name, restarted, restarted, 0.95) with { IsCertain = true };
                // A program that begins is late in many ways, none of which matters.
                continue;
            }

            if (node.IsYoung)
            {
                continue;
            }

            if (OfStalls(fleet, node) is { } stalled)
            {
                yield return stalled;
            }
            else if (OfChronicLateness(fleet, node) is { } late)
            {
                yield return late;
            }
        }
    }

    public static Suspicion OnHost(VerdictKind what, string host, MonoTime from, MonoTime seen, double confidence) =>
        new(what, VerdictPlace.Host(host), from, seen, confidence);

    private static Suspicion? OfStalls(FleetView fleet, NodeView node)
    {
        var recent = node.Stalls.Where(s => s.Until > fleet.Now - s_memory).ToList();
        if (recent.Count == 0)
        {
            return null;
        }

        var longest = recent.MaxBy(s => s.Length);
        var total = new Duration(recent.Sum(s => s.Length.Nanoseconds));
        if (longest.Length < fleet.Settings.StallFloor && total < fleet.Settings.StallFloor * 3)
        {
            return null;
        }

        var (from, until) = (recent[0].From, recent.Max(s => s.Until));
        var (what, confidence, evidence) = StallCause.Of(node, from, until, total, Waited(recent));
        if (fleet.Now - recent[0].Until < Patience(what, node))
        {
            return null;
        }

        evidence.Insert(0, new VerdictEvidence(node.Name, "longest stall of its own thread", Math.Round(longest.Length.Milliseconds, 1), "ms", 0));
        evidence.AddRange(Witnesses(fleet, node.Name, from, until));
        return OnHost(what, node.Name, from, until, confidence) with { Evidence = evidence, IsCertain = what != VerdictKind.HostStalled };
    }

    /// <summary>How long after a stall a better name for it may yet come.</summary>
    private static Duration Patience(VerdictKind what, NodeView node) => what switch
    {
        VerdictKind.HostStalled => s_patience,
        // A window in which it only begins does not show yet whether the CPUs that it may use are fuller than the others.
        VerdictKind.HostCpuContention when node.Host is { } host && host.AllowedCpuCount < host.OnlineCpuCount => s_wholeWindow,
        _ => Duration.Zero,
    };

    private static Duration? Waited(IEnumerable<Stall> stalls)
    {
        Duration? sum = null;
        foreach (var stall in stalls)
        {
            sum = stall.WaitedForCpu is { } waited ? (sum ?? Duration.Zero) + waited : sum;
        }

        return sum;
    }

    /// <summary>How many others heard nothing of it meanwhile.</summary>
    private static IEnumerable<VerdictEvidence> Witnesses(FleetView fleet, string host, MonoTime from, MonoTime until)
    {
        var (asked, heard, longest, who) = (0, 0, Duration.Zero, "");
        foreach (var pair in fleet.SightsOf(host))
        {
            asked++;
            var gap = LongestGap(pair, from, until);
            heard += gap > Duration.Zero ? 1 : 0;
            (longest, who) = gap > longest ? (gap, pair.Observer) : (longest, who);
        }

        if (heard > 0)
        {
            yield return new VerdictEvidence(who, $"gap from {host}", Math.Round(longest.Milliseconds, 1), "ms", null);
            yield return new VerdictEvidence(fleet.Self, $"receivers of {asked} that saw a gap", heard, "", 0);
        }
    }

    private static Duration LongestGap(PairView pair, MonoTime from, MonoTime until)
    {
        var longest = Duration.Zero;
        foreach (var sight in pair.After(from))
        {
            foreach (var gap in sight.Peer.Gaps)
            {
                if (gap.From + sight.Shift < until && from < gap.Until + sight.Shift)
                {
                    longest = Duration.Max(longest, gap.Length - gap.OwnStall);
                }
            }
        }

        return longest;
    }

    /// <summary>Late again and again, by a little: sleeping CPUs, or neighbours that always win.</summary>
    private static Suspicion? OfChronicLateness(FleetView fleet, NodeView node)
    {
        var late = node.Lateness.Where(l => l.At > fleet.Now - s_chronicSpan).ToList();
        var count = late.Count(l => l.Lateness >= fleet.Settings.ChronicFloor);
        if (late.Count < 4 || count * 4 < late.Count * 3)
        {
            return null;
        }

        var (from, until) = (late[0].At - Duration.FromMilliseconds(250), late[^1].At);
        var sums = new VitalSums([.. node.WindowsIn(from, until)]);
        var typical = late.Select(l => l.Lateness).Order().ElementAt(late.Count / 2);
        var evidence = new List<VerdictEvidence> { new(node.Name, "its thread woke late by", Math.Round(typical.Milliseconds, 2), "ms", 0.1) };
        if (IsSleepy(node.Host) && sums.AllowedLoad < 0.5 && (sums.ProbingRunQueueDelay ?? Duration.Zero) < (until - from) / 20)
        {
            var power = node.Host!.Power!;
            evidence.Add(new VerdictEvidence(
                node.Name, $"exit latency of idle state {power.DeepestIdleState ?? "?"}", Math.Round(power.ExitLatency?.Milliseconds ?? 0, 3), "ms", 0));
            return OnHost(VerdictKind.HostPowerSave, node.Name, from, until, 0.8) with { Evidence = evidence };
        }

        var stalled = new Duration(late.Sum(l => l.Lateness.Nanoseconds));
        if (typical < Duration.FromMilliseconds(10))
        {
            return null;
        }

        var (what, confidence, more) = StallCause.Of(node, from, until, stalled, null);
        evidence.AddRange(more);
        return what == VerdictKind.HostStalled ? null : OnHost(what, node.Name, from, until, confidence * 0.9) with { Evidence = evidence };
    }

    private static bool IsSleepy(HostWindow? host) => host?.Power is { } power
        && (power.ExitLatency >= Duration.FromMicroseconds(50) || power.Governor?.Contains("powersave", StringComparison.Ordinal) == true)
        && power.IdleOption != "poll";
}
