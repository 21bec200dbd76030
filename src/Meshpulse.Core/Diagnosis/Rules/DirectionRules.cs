using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Diagnosis.Views;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Rules;

/// <summary>
/// What is wrong with one direction between two nodes: one symptom, the one that explains the others. Nothing gets through before some flows do not;
/// a queue (delay grows, and then packets are lost) before loss and before delay by themselves; overtaking before the jitter that it makes.
/// </summary>
/// <param name="fleet">All that is known.</param>
/// <param name="isExplained">Whether something that is said already explains a direction.</param>
internal sealed class DirectionRules(FleetView fleet, Func<(string From, string To), bool> isExplained)
{
    private const int FewestLost = 3;
    private const double LeastShare = 0.02;
    private const double LeastRareShare = 0.005;

    private static readonly Duration s_clockMemory = Duration.FromMilliseconds(3_000);
    private static readonly Duration s_routeMemory = Duration.FromMilliseconds(2_000);

    public Symptom? Judge(Direction direction)
    {
        if (direction.DeadSince() is { } dead && IsAlive(direction.From, dead) && IsAlive(direction.To, dead))
        {
            return IsWhole(direction) || isExplained((direction.From, direction.To)) || !isExplained((direction.To, direction.From)) ? Dead(direction, dead) : null;
        }

        var loss = Loss(direction);
        // Beside losses a queue shows as soon as it delays; alone a delay has to last.
        var delay = Delay(direction, fewest: loss is null ? 3 : 1);
        if (loss is not null && delay is not null)
        {
            // What is held back for long is given up as lost, and late for the rest: a queue keeps the order.
            return Reordering(direction) ?? delay with
            {
                What = VerdictKind.PathCongestion,
                Since = MonoTime.Min(loss.Since, delay.Since),
                Confidence = 0.9,
                Evidence = [.. delay.Evidence, .. loss.Evidence],
            };
        }

        return Flows(direction) ?? Corruption(direction) ?? loss ?? Route(direction, delay) ?? Mtu(direction)
            ?? Reordering(direction) ?? Duplication(direction) ?? delay ?? Jitter(direction);
    }

    /// <summary>Once the connections are given up, and the probes with them, nobody knows directions any more: what was known stays.</summary>
    private static bool IsWhole(Direction direction) => direction.Receiver?.Ended is null && direction.Sender?.Ended is null;

    /// <summary>Whether a node was heard of since, by its own word or by another witness: else it may be the node itself that says nothing.</summary>
    private bool IsAlive(string name, MonoTime since)
    {
        var after = since + Duration.FromMilliseconds(120);
        return fleet.Node(name) is { } node && (node.LastUntil > after || fleet.SightsOf(name).Any(p => p.SilentSince > after || Direction.Arrives(p) == true && p.Last!.Value.From > since));
    }

    private static Symptom Dead(Direction direction, MonoTime since)
    {
        var isWhole = IsWhole(direction);
        var evidence = new List<VerdictEvidence>();
        if (direction.Receiver is { } receiver && direction.ReceiverIsRecent)
        {
            evidence.Add(new VerdictEvidence(direction.To, $"silence of {direction.From}", Math.Round(receiver.Silence.Milliseconds), "ms", 5));
        }

        if (direction.Sender?.Last?.Peer.Path is { } path && direction.SenderIsRecent)
        {
            evidence.Add(new VerdictEvidence(direction.From, $"no reply from {direction.To} for", Math.Round(path.Silence.Milliseconds), "ms", null));
        }

        return new Symptom(VerdictKind.PathBlackhole, direction.From, direction.To, since, isWhole && evidence.Count > 1 ? 0.9 : isWhole ? 0.7 : 0.5) { Evidence = evidence, Size = 1 };
    }

    private Symptom? Loss(Direction direction)
    {
        var (lost, sent, slices, first) = direction.Losses(Direction.Recent);
        if (lost < FewestLost || lost < sent * LeastShare)
        {
            (lost, sent, slices, first) = direction.RareLosses();
            if (lost < FewestLost + 1 || slices < 3 || lost < sent * LeastRareShare)
            {
                return null;
            }
        }

        if (OwnDrops(direction, lost) is { } drops)
        {
            return drops with { Since = first };
        }

        var share = (double)lost / Math.Max(sent, 1);
        var delays = direction.Delays(out var usual, out _, out var witness);
        return new Symptom(VerdictKind.PathLoss, direction.From, direction.To, first, lost >= 6 ? 0.95 : 0.8)
        {
            Size = share,
            Evidence = [new VerdictEvidence(Witness(direction), $"lost from {direction.From} to {direction.To}", Math.Round(share * 100, 2), "%", 0),
                new VerdictEvidence(Witness(direction), "packets lost", lost, "packets", 0),
                .. delays.TakeLast(1).Select(d => new VerdictEvidence(witness, "delay, median", Math.Round(d.Delay.Median.Milliseconds, 2), "ms", Math.Round(usual.Usual.Milliseconds, 2)))],
        };
    }

    private static string Witness(Direction direction) => direction.SenderIsRecent ? direction.From : direction.To;

    /// <summary>Where the receiver's own stack dropped as much, nothing was lost on the way.</summary>
    private Symptom? OwnDrops(Direction direction, long lost)
    {
        if (fleet.Node(direction.To) is not { } node)
        {
            return null;
        }

        var drops = new VitalSums([.. node.WindowsIn(fleet.Now - (Direction.Recent * 3), fleet.Now)]).Drops;
        return drops < Math.Max(2, lost / 2) ? null : new Symptom(VerdictKind.HostReceiveDrops, direction.From, direction.To, fleet.Now, 0.85)
        {
            Size = drops,
            Evidence = [new VerdictEvidence(direction.To, "packets dropped by its own stack", drops, "packets", 0),
                new VerdictEvidence(Witness(direction), $"lost from {direction.From} to {direction.To}", lost, "packets", 0)],
        };
    }

    private Symptom? Delay(Direction direction, int fewest)
    {
        var delays = direction.Delays(out var usual, out _, out var witness);
        if (!usual.IsKnown || ClockMoved(direction) || fleet.IsExcused(direction.To, fleet.Now - Direction.Recent, fleet.Now, Duration.Zero))
        {
            return null;
        }

        // The latest without a break that are above what is usual.
        var high = 0;
        for (var i = delays.Count - 1; i >= 0 && usual.IsExceeded(delays[i].Delay.Median, fleet.Settings.LatencyFloor) && IsBeyondBound(delays[i], usual); i--)
        {
            high++;
        }

        if (high < fewest)
        {
            return isExplained((direction.From, direction.To)) ? RoundTrip(direction) : null;
        }

        var now = delays[^1].Delay;
        var excess = usual.Excess(now.Median);
        var what = ShapeOf([.. delays.TakeLast(Math.Clamp(high, 1, 4))], usual);
        return new Symptom(
            what, direction.From, direction.To, delays[^high].At - Duration.FromMilliseconds(250), what == VerdictKind.PathLatency ? 0.85 : 0.7)
        {
            Size = excess.Milliseconds,
            Evidence = [new VerdictEvidence(
                witness, $"delay from {direction.From} to {direction.To}, median", Math.Round(now.Median.Milliseconds, 2), "ms", Math.Round(usual.Usual.Milliseconds, 2)),
                new VerdictEvidence(witness, "slowest of a hundred", Math.Round(now.P99.Milliseconds, 2), "ms", null)],
        };
    }

    /// <summary>
    /// A longer way is longer for all packets alike, and stays so. In a queue that stays the fastest are delayed too, and it grows and drains. Where the fastest come much
    /// faster than the slowest of the same quarter second, there is no queue that stays: jitter.
    /// </summary>
    private static VerdictKind ShapeOf(List<(MonoTime At, DelaySlice Delay, Duration Bound)> delays, Baseline usual)
    {
        // The slice in which it ends is part of neither.
        if (delays.Count > 2 && delays[^2].Delay.Median - delays[^1].Delay.Median > usual.Excess(delays[^2].Delay.Median) / 3)
        {
            delays.RemoveAt(delays.Count - 1);
        }

        var shares = delays.Select(d => Share(d.Delay, usual)).Order().ToList();
        var medians = delays.Select(d => d.Delay.Median.Nanoseconds).ToList();
        return shares[shares.Count / 2] < 0.5 ? VerdictKind.PathJitter
            : medians.Max() - medians.Min() > usual.Excess(new Duration(medians.Max())).Nanoseconds / 3 ? VerdictKind.PathCongestion
            : VerdictKind.PathLatency;
    }

    /// <summary>How much of what the slowest have more the fastest have too, 0 to 1.</summary>
    private static double Share(DelaySlice delay, Baseline usual) =>
        (double)Math.Max(0, usual.Excess(delay.Min).Nanoseconds) / Math.Max(1, usual.Excess(delay.P99).Nanoseconds);

    /// <summary>What the clocks' bound can explain is no proof.</summary>
    private static bool IsBeyondBound((MonoTime At, DelaySlice Delay, Duration Bound) delay, Baseline usual) =>
        usual.Excess(delay.Delay.Median) > delay.Bound;

    /// <summary>
    /// The round trip is longer, and no clock says in which direction: what is known of the offset wears off within seconds, while a delay stays. It keeps alive
    /// what was found before.
    /// </summary>
    private Symptom? RoundTrip(Direction direction)
    {
        if (direction.Sender is not { RoundTrip.IsKnown: true } sender)
        {
            return null;
        }

        var last = sender.Sights.TakeLast(3).Select(s => s.Peer.Path?.RoundTrip).OfType<DelaySlice>().ToList();
        if (last.Count < 3 || !last.TrueForAll(r => sender.RoundTrip.IsExceeded(r.Median, fleet.Settings.LatencyFloor)))
        {
            return null;
        }

        return new Symptom(VerdictKind.PathLatency, direction.From, direction.To, sender.Last!.Value.From - Duration.FromMilliseconds(500), 0.5)
        {
            Size = sender.RoundTrip.Excess(last[^1].Median).Milliseconds,
            Evidence = [new VerdictEvidence(
                direction.From, $"round trip to {direction.To}, median", Math.Round(last[^1].Median.Milliseconds, 2), "ms", Math.Round(sender.RoundTrip.Usual.Milliseconds, 2))],
        };
    }

    private bool ClockMoved(Direction direction) =>
        new[] { direction.Sender, direction.Receiver }.Any(p => p?.After(fleet.Now - s_clockMemory).Any(s => s.Peer.Path?.Step is not null) == true);

    /// <summary>Another hop limit than before: packets take another way, which may be a longer one.</summary>
    private Symptom? Route(Direction direction, Symptom? delay)
    {
        var changed = direction.Sender?.ForwardRouteChanged is { } there && fleet.Now - there < s_routeMemory ? there
            : direction.Receiver?.BackwardRouteChanged is { } back && fleet.Now - back < s_routeMemory ? back
            : (MonoTime?)null;
        if (changed is not { } at)
        {
            return null;
        }

        var hops = direction.Sender?.Last?.Peer.Path?.ForwardHopLimit.Last ?? direction.Receiver?.Last?.Peer.Path?.BackwardHopLimit.Last;
        return new Symptom(VerdictKind.PathChanged, direction.From, direction.To, at - Duration.FromMilliseconds(250), 0.85)
        {
            Evidence = [new VerdictEvidence(direction.To, "hop limit on arrival", hops ?? 0, "", null), .. delay?.Evidence ?? []],
        };
    }

    private Symptom? Flows(Direction direction)
    {
        var mine = DeadFlows(direction.Sender, direction.Receiver, wantsForward: true);
        var theirs = DeadFlows(direction.Receiver, direction.Sender, wantsForward: false);
        var dead = mine.Ports.Count > 0 ? mine : theirs;
        // Where small ones fall silent too it is not their size.
        var what = mine.SmallSilent || theirs.SmallSilent ? VerdictKind.PathFlowLoss
            : mine.OnlyLarge && (theirs.OnlyLarge || theirs.Ports.Count == 0) && mine.Ports.Count > 0 ? VerdictKind.PathMtu
            : theirs.OnlyLarge && mine.Ports.Count == 0 && theirs.Ports.Count > 0 ? VerdictKind.PathMtu
            : VerdictKind.PathFlowLoss;
        if (what == VerdictKind.PathMtu)
        {
            return new Symptom(what, direction.From, direction.To, dead.Since, dead.IsProven ? 0.9 : 0.7)
            {
                IsEitherWay = !dead.IsProven,
                Evidence = [new VerdictEvidence(mine.Ports.Count > 0 ? direction.From : direction.To, "packets that do not pass, while small ones do", 1_500, "bytes", null)],
            };
        }

        return dead.Ports.Count == 0 ? null : new Symptom(VerdictKind.PathFlowLoss, direction.From, direction.To, dead.Since, dead.IsProven ? 0.95 : 0.7)
        {
            Flows = dead.Ports,
            IsEitherWay = !dead.IsProven,
            Size = dead.Ports.Count,
            Evidence = [new VerdictEvidence(mine.Ports.Count > 0 ? direction.From : direction.To, $"flows of {dead.All} that lose everything", dead.Ports.Count, "", 0)],
        };
    }

    /// <summary>
    /// Flows of the owner's probes that get no answer while the others do; their requests are lost where they do not reach the other's reflector, their
    /// replies where they do. Where nobody counts requests, the way there is blamed, and that is said to be unsure.
    /// </summary>
    private (List<int> Ports, int All, bool IsProven, MonoTime Since, bool OnlyLarge, bool SmallSilent) DeadFlows(PairView? owner, PairView? reflector, bool wantsForward)
    {
        var flows = new Dictionary<int, (long Sent, long Answered, long Arrived)>();
        var counted = false;
        var large = new HashSet<int>();
        var span = owner?.Last?.Peer.Path is { } path ? Duration.Max(Duration.FromMilliseconds(1_200), path.Interval * Math.Max(1, path.Flows.Count) * 5) : default;
        var from = fleet.Now - span;
        foreach (var sight in owner?.After(from) ?? [])
        {
            foreach (var flow in sight.Peer.Path?.Flows ?? [])
            {
                _ = flow.IsLarge && large.Add(flow.SourcePort);
                var sum = flows.GetValueOrDefault(flow.SourcePort);
                flows[flow.SourcePort] = (sum.Sent + flow.Sent, sum.Answered + flow.Answered, sum.Arrived);
            }
        }

        // What arrived since the owner's last word may be answered as well: that would show in its next.
        var until = owner?.Last?.Until ?? fleet.Now;
        foreach (var sight in reflector?.After(from).Where(s => s.Until <= until) ?? [])
        {
            counted |= sight.Peer.Requests is not null;
            foreach (var request in sight.Peer.Requests ?? [])
            {
                var sum = flows.GetValueOrDefault(request.SourcePort);
                flows[request.SourcePort] = sum with { Arrived = sum.Arrived + request.Received };
            }
        }

        var dead = flows.Where(f => f.Value is { Answered: 0, Sent: >= 4 }).ToList();
        var alive = flows.Values.Count(f => f.Answered > 0);
        var smallSilent = alive > 0 && flows.Any(f => f.Value is { Answered: 0, Sent: >= 2 } && !large.Contains(f.Key));
        if (dead.Count == 0 || alive == 0 || alive + dead.Count < flows.Values.Count(f => f.Sent > 0) * 3 / 4)
        {
            return ([], 0, false, default, false, smallSilent);
        }

        // Where the others lose too, a row of losses may be chance.
        var lost = flows.Values.Where(f => f.Answered > 0).Sum(f => Math.Max(0, f.Sent - f.Answered));
        var share = Math.Max(0.03, (double)lost / Math.Max(1, flows.Values.Where(f => f.Answered > 0).Sum(f => f.Sent)));
        dead.RemoveAll(f => Math.Pow(share, f.Value.Sent) * flows.Count > 1e-4);
        var ports = dead.Where(f => (!counted || f.Value.Arrived == 0) == wantsForward).Select(f => f.Key).Order().ToList();
        return (ports, flows.Count, counted, from, ports.Count > 0 && ports.TrueForAll(large.Contains), smallSilent);
    }

    private Symptom? Corruption(Direction direction)
    {
        // A damaged request is answered with its damage, or not at all; and what comes very late is not known any more.
        var (there, back) = (Sum(direction.Sender, c => c.Corrupted + c.Strays), Sum(direction.Receiver, c => c.Corrupted + c.Strays));
        var span = Direction.Recent * 3;
        if (there + back < FewestLost || fleet.IsExcused(direction.From, fleet.Now - span, fleet.Now, Duration.Zero)
            || fleet.IsExcused(direction.To, fleet.Now - span, fleet.Now, Duration.Zero))
        {
            return null;
        }

        return new Symptom(VerdictKind.PathCorruption, direction.From, direction.To, fleet.Now - Direction.Recent, 0.85)
        {
            IsEitherWay = true,
            Evidence = [new VerdictEvidence(there > back ? direction.From : direction.To, "replies that nothing was sent for, or that are no replies", there + back, "packets", 0)],
        };
    }

    private Symptom? Reordering(Direction direction) => Shared(direction, VerdictKind.PathReordering, c => c.Reordered, "packets overtaken", 0.03);

    private Symptom? Duplication(Direction direction) => Shared(direction, VerdictKind.PathDuplication, c => c.Duplicates, "packets that came twice", 0.02);

    /// <summary>What the prober sees of the round trip, and can't tell the direction of.</summary>
    private Symptom? Shared(Direction direction, VerdictKind what, Func<Core.Statistics.PathCounts, long> count, string figure, double least)
    {
        var (there, back) = (Sum(direction.Sender, count), Sum(direction.Receiver, count));
        var answered = Sum(direction.Sender, c => c.Answered) + Sum(direction.Receiver, c => c.Answered);
        return there + back < FewestLost + 1 || there + back < answered * least ? null : new Symptom(
            what, direction.From, direction.To, fleet.Now - Direction.Recent, 0.85)
        {
            IsEitherWay = true,
            Evidence = [new VerdictEvidence(Witness(direction), figure, there + back, "packets", 0)],
        };
    }

    private long Sum(PairView? pair, Func<Core.Statistics.PathCounts, long> count)
    {
        var sum = 0L;
        foreach (var sight in pair?.After(fleet.Now - Direction.Recent) ?? [])
        {
            sum += sight.Peer.Path is { } path ? count(path.Counts) : 0;
        }

        return sum;
    }

    /// <summary>The fastest come as they did, others late, now and then: in most slices.</summary>
    private Symptom? Jitter(Direction direction)
    {
        var delays = direction.Delays(out var usual, out var spread, out var witness);
        if (!spread.IsKnown || ClockMoved(direction)
            || fleet.IsExcused(direction.To, fleet.Now - Direction.Recent, fleet.Now, Duration.Zero)
            || fleet.IsExcused(direction.From, fleet.Now - Direction.Recent, fleet.Now, Duration.Zero))
        {
            return null;
        }

        var wide = delays.TakeLast(6).Count(d => spread.IsExceeded(d.Delay.P99 - d.Delay.Min, fleet.Settings.LatencyFloor));
        if (delays.Count < 5 || wide < 4)
        {
            return null;
        }

        var now = delays[^1].Delay;
        return new Symptom(VerdictKind.PathJitter, direction.From, direction.To, delays[^Math.Min(6, delays.Count)].At, 0.8)
        {
            Size = (now.P99 - now.Min).Milliseconds,
            Evidence = [new VerdictEvidence(
                witness, $"spread of the delay from {direction.From} to {direction.To}", Math.Round((now.P99 - now.Min).Milliseconds, 2), "ms", Math.Round(spread.Usual.Milliseconds, 2))],
        };
    }

    /// <summary>A search for the path's MTU says that large packets do not pass; a flow of large packets says so sooner, where there is one.</summary>
    private static Symptom? Mtu(Direction direction) =>
        direction.Sender?.Last is { Peer.Path.Mtu: { Failing: { } failing, Passing: { } passing } } last && failing < 1_500
            ? new Symptom(VerdictKind.PathMtu, direction.From, direction.To, last.From, 0.8)
            {
                IsEitherWay = true,
                Evidence = [new VerdictEvidence(direction.From, "smallest packet that does not pass", failing, "bytes", 1_500),
                    new VerdictEvidence(direction.From, "largest that does", passing, "bytes", 1_500)],
            }
            : null;
}
