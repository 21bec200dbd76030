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
/// <param name="isSilenced">Whether what is said is that nothing gets through in a direction.</param>
internal sealed class DirectionRules(FleetView fleet, Func<(string From, string To), bool> isExplained, Func<(string From, string To), bool> isSilenced)
{
    private const int FewestLost = 3;
    private const int FewestUnanswered = 4;
    private const int FewestArrived = 3;
    private const int MostOfSix = 4;
    private const int FewestWideOfEach = 4;
    private const int FewestWideOfBoth = 10;
    private const double LeastShare = 0.02;
    private const double LeastRareShare = 0.005;
    private const double LeastLikelyLoss = 0.03;

    private static readonly Duration s_clockMemory = Duration.FromMilliseconds(3_000);
    private static readonly Duration s_routeMemory = Duration.FromMilliseconds(2_000);
    private static readonly Duration s_slice = Duration.FromMilliseconds(250);
    private static readonly Duration s_fresh = Duration.FromMilliseconds(900);
    private static readonly Duration s_flowSpan = Duration.FromMilliseconds(1_200);
    private static readonly Duration s_stoppedAfter = Duration.FromMilliseconds(900);

    // Whose thread stands still, at once or bit by bit, finds a flow's packets later than another's, and where all flows lose, one may lose all for a while: only what has
    // been dead for longer than that is dead.
    private static readonly Duration s_flowSpanInDoubt = Duration.FromMilliseconds(3_200);
    private static readonly Duration s_revival = Duration.FromMilliseconds(400);
    private static readonly Duration s_lastWords = Duration.FromMilliseconds(600);
    private static readonly Duration s_oldWord = Duration.FromMilliseconds(3_000);
    private static readonly Duration s_stallsOfFlows = Duration.FromMilliseconds(2_400);
    private static readonly Duration s_stalledMuch = Duration.FromMilliseconds(150);

    public Symptom? Judge(Direction direction)
    {
        if (Silence(direction) is { } dead && IsAlive(direction.From, dead) && IsAlive(direction.To, dead))
        {
            return Dead(direction, dead);
        }

        var flows = Flows(direction);
        // A queue that is full has no room for the largest first, and a single flow may meet it full a few times in a row.
        var loss = Loss(direction) ?? (flows?.What == VerdictKind.PathMtu || flows?.Flows.Count == 1 ? flows : null);
        var delay = loss is null ? Delay(direction) : DelayBesideLosses(direction);
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

        return flows ?? Corruption(direction) ?? loss ?? Route(direction, delay) ?? Mtu(direction)
            ?? Reordering(direction) ?? Duplication(direction) ?? delay ?? Jitter(direction);
    }

    /// <summary>Since when nothing gets through. Once the connections are given up, and the probes with them, nobody knows directions any more: what was known stays.</summary>
    private MonoTime? Silence(Direction direction)
    {
        var (there, back) = ((direction.From, direction.To), (direction.To, direction.From));
        return direction.IsWhole || !(isSilenced(there) || isSilenced(back)) ? direction.DeadSince() : isSilenced(there) ? direction.BrokenSince() : null;
    }

    /// <summary>Whether a node was heard of since, by its own word or by another witness: else it may be the node itself that says nothing.</summary>
    private bool IsAlive(string name, MonoTime since)
    {
        var after = since + Duration.FromMilliseconds(120);
        return fleet.Node(name) is { } node && (node.LastUntil > after || fleet.SightsOf(name).Any(p => p.SilentSince > after || Direction.Arrives(p) == true && p.Last!.Value.From > since));
    }

    private static Symptom Dead(Direction direction, MonoTime since)
    {
        var isWhole = direction.IsWhole;
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
        var (lost, sent, slices, first, last) = direction.Losses(Direction.Recent);
        if (lost < FewestLost || lost < sent * LeastShare)
        {
            (lost, sent, slices, first, last) = direction.RareLosses();
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
        var delays = direction.Delays();
        return new Symptom(VerdictKind.PathLoss, direction.From, direction.To, first, lost >= 6 ? 0.95 : 0.8)
        {
            Size = share,
            Latest = last,
            Evidence = [new VerdictEvidence(Witness(direction), $"lost from {direction.From} to {direction.To}", Math.Round(share * 100, 2), "%", 0),
                new VerdictEvidence(Witness(direction), "packets lost", lost, "packets", 0),
                .. delays.Slices.TakeLast(1).Select(d => new VerdictEvidence(
                    delays.Witness, "delay, median", Math.Round(d.Delay.Median.Milliseconds, 2), "ms", Math.Round(delays.Usual.Usual.Milliseconds, 2)))],
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

    /// <summary>Alone a delay has to last.</summary>
    private Symptom? Delay(Direction direction)
    {
        var seen = direction.Delays();
        if (!seen.Usual.IsKnown || ClockMoved(direction))
        {
            return null;
        }

        var delays = WithoutStalls(direction, seen);
        var high = 0;
        while (high < delays.Count && IsHigh(delays[^(high + 1)], seen.Usual))
        {
            high++;
        }

        return high >= 3 && fleet.Now - delays[^1].At <= s_fresh ? OneWay(direction, seen, delays, high) : RoundTrip(direction, delays);
    }

    /// <summary>
    /// Beside losses a queue shows as soon as it delays, and to either end. It drains where those who lose their connections in it fall silent for a moment: what it
    /// was before that still counts.
    /// </summary>
    private Symptom? DelayBesideLosses(Direction direction)
    {
        if (ClockMoved(direction))
        {
            return null;
        }

        foreach (var seen in direction.DelaysOfBoth().Where(d => d.Usual.IsKnown))
        {
            var delays = WithoutStalls(direction, seen);
            var last = delays.FindLastIndex(d => IsHigh(d, seen.Usual));
            if (last < 0 || fleet.Now - delays[last].At > s_fresh)
            {
                continue;
            }

            delays.RemoveRange(last + 1, delays.Count - last - 1);
            return OneWay(direction, seen, delays, last - delays.FindLastIndex(d => !IsHigh(d, seen.Usual)));
        }

        return direction.Delays() is { Usual.IsKnown: true } own ? RoundTrip(direction, WithoutStalls(direction, own)) : null;
    }

    /// <summary>Those slices that no stall can have made so.</summary>
    private List<SlicedDelay> WithoutStalls(Direction direction, DirectionDelays seen) =>
        [.. seen.Slices.Where(d => !fleet.IsExcused(direction.To, d.At - s_slice, d.At, Duration.Zero, s_slice / 4))];

    /// <summary>Far above what is usual, and not for the clocks' bound alone.</summary>
    private bool IsHigh(SlicedDelay delay, Baseline usual) =>
        usual.IsExceeded(delay.Delay.Median, fleet.Settings.LatencyFloor) && usual.Excess(delay.Delay.Median) > delay.Bound;

    private static Symptom OneWay(Direction direction, DirectionDelays seen, List<SlicedDelay> delays, int high)
    {
        var now = delays[^1].Delay;
        var what = ShapeOf([.. delays.TakeLast(Math.Clamp(high, 1, 4))], seen.Usual);
        return new Symptom(
            what, direction.From, direction.To, delays[^high].At - s_slice, what == VerdictKind.PathLatency ? 0.85 : 0.7)
        {
            Size = seen.Usual.Excess(now.Median).Milliseconds,
            Evidence = [new VerdictEvidence(
                seen.Witness, $"delay from {direction.From} to {direction.To}, median", Math.Round(now.Median.Milliseconds, 2), "ms", Math.Round(seen.Usual.Usual.Milliseconds, 2)),
                new VerdictEvidence(seen.Witness, "slowest of a hundred", Math.Round(now.P99.Milliseconds, 2), "ms", null)],
        };
    }

    /// <summary>
    /// A longer way is longer for all packets alike, and stays so. In a queue that stays the fastest are delayed too, and it grows and drains. Where the fastest come much
    /// faster than the slowest of the same quarter second, there is no queue that stays: jitter.
    /// </summary>
    private static VerdictKind ShapeOf(List<SlicedDelay> delays, Baseline usual)
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

    /// <summary>
    /// The round trip is longer, and no clock says in which direction: what is known of the offset wears off within seconds, while a delay stays. It keeps alive
    /// what was found before; where nothing was, it is the pair's.
    /// </summary>
    private Symptom? RoundTrip(Direction direction, List<SlicedDelay> delays)
    {
        if (direction.Sender is not { RoundTrip.IsKnown: true } sender || !direction.SenderIsRecent)
        {
            return null;
        }

        var last = sender.Sights.Select(s => s.Peer.Path?.RoundTrip).OfType<DelaySlice>().TakeLast(4).ToList();
        if (last.Count < 4 || !last.TrueForAll(r => sender.RoundTrip.IsExceeded(r.Median, fleet.Settings.LatencyFloor)))
        {
            return null;
        }

        var isKnown = isExplained((direction.From, direction.To));
        var excess = sender.RoundTrip.Excess(last[^1].Median);
        // Where the clocks could have told, and did not, it is the other direction; and where the other is said to be longer, it is.
        if (!isKnown && (isExplained((direction.To, direction.From)) || delays.Count == 0 || delays[^1].Bound * 2 < excess))
        {
            return null;
        }

        return new Symptom(VerdictKind.PathLatency, direction.From, direction.To, sender.Last!.Value.From - (s_slice * 3), isKnown ? 0.7 : 0.5)
        {
            Size = excess.Milliseconds,
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
        var atLeast = HasStalled(direction.From) || HasStalled(direction.To) ? s_flowSpanInDoubt : s_flowSpan;
        var mine = direction.SenderIsRecent ? DeadFlows(direction.Sender, direction.Receiver, atLeast, wantsForward: true) : StoppedFlows(direction, atLeast);
        var theirs = DeadFlows(direction.Receiver, direction.Sender, atLeast, wantsForward: false);
        var dead = mine.Ports.Count > 0 ? mine : theirs;
        if (dead.Ports.Count == 0)
        {
            return null;
        }

        var witness = direction.SenderIsRecent && mine.Ports.Count > 0 ? direction.From : direction.To;
        // Where small ones fall silent too it is not their size.
        if (dead.OnlyLarge && !mine.SmallSilent && !theirs.SmallSilent && (mine.Ports.Count == 0 || theirs.Ports.Count == 0 || theirs.OnlyLarge))
        {
            return new Symptom(VerdictKind.PathMtu, direction.From, direction.To, dead.Since, dead.IsProven ? 0.9 : 0.7)
            {
                IsEitherWay = !dead.IsProven,
                Evidence = [new VerdictEvidence(witness, "packets that do not pass, while small ones do", 1_500, "bytes", null)],
            };
        }

        return new Symptom(VerdictKind.PathFlowLoss, direction.From, direction.To, dead.Since, dead.IsProven ? 0.95 : 0.7)
        {
            Flows = dead.Ports,
            IsEitherWay = !dead.IsProven,
            Size = dead.Ports.Count,
            Evidence = [new VerdictEvidence(witness, $"flows of {dead.All} that lose everything", dead.Ports.Count, "", 0)],
        };
    }

    private bool HasStalled(string host) => fleet.Node(host)?.StalledWithin(fleet.Now - s_stallsOfFlows, fleet.Now) >= s_stalledMuch;

    /// <summary>
    /// Flows of the owner's probes that get no answer while the others do; their requests are lost where they do not reach the other's reflector, their
    /// replies where they do. Where nobody counts requests, the way there is blamed, and that is said to be unsure.
    /// </summary>
    private DeadFlowSet DeadFlows(PairView? owner, PairView? reflector, Duration atLeast, bool wantsForward)
    {
        var span = owner?.Last?.Peer.Path is { } path ? Duration.Max(atLeast, path.Interval * Math.Max(1, path.Flows.Count) * 5) : default;
        var dead = DeadFlows(owner, reflector, fleet.Now - span, wantsForward, out var mayBeChance);
        if (!mayBeChance || span >= s_flowSpanInDoubt)
        {
            return dead;
        }

        // What may be chance in a short time is none in a longer one; which flows have just fallen silent only the short one shows.
        var longer = DeadFlows(owner, reflector, fleet.Now - s_flowSpanInDoubt, wantsForward, out _);
        return longer with { SmallSilent = longer.SmallSilent || dead.SmallSilent };
    }

    private DeadFlowSet DeadFlows(PairView? owner, PairView? reflector, MonoTime from, bool wantsForward, out bool mayBeChance)
    {
        mayBeChance = false;
        var large = new HashSet<int>();
        var flows = FlowsOf(owner, from, large);
        var dead = flows.Where(f => f.Value is { Answered: 0, Sent: >= FewestUnanswered }).ToList();
        var alive = flows.Values.Count(f => f.Answered > 0);
        var smallSilent = AreSmallSilent(flows, large) || AreSmallSilentBesides(owner, from, large);
        if (dead.Count == 0 || alive == 0 || alive + dead.Count < flows.Values.Count(f => f.Sent > 0) * 3 / 4)
        {
            return DeadFlowSet.None with { SmallSilent = smallSilent };
        }

        if (MayBeChance(flows, dead.ConvertAll(f => (double)f.Value.Sent)))
        {
            mayBeChance = true;
            return DeadFlowSet.None with { SmallSilent = smallSilent };
        }

        var arrived = ArrivedOf(reflector, from);
        var isProven = arrived.Values.Sum() >= FewestArrived * alive;
        if (!isProven && (!wantsForward || IsOnlyLate(reflector) || IsTheOtherWay(owner, dead.TrueForAll(f => large.Contains(f.Key)))))
        {
            return DeadFlowSet.None with { SmallSilent = smallSilent };
        }

        var usual = (double)flows.Where(f => f.Value.Answered > 0).Sum(f => arrived.GetValueOrDefault(f.Key)) / alive;
        var ports = dead.Where(f => !isProven || IsLostThere(arrived.GetValueOrDefault(f.Key), usual) == wantsForward).Select(f => f.Key).Order().ToList();
        return new DeadFlowSet(ports, flows.Count, isProven, from, ports.Count > 0 && ports.TrueForAll(large.Contains)) { SmallSilent = smallSilent };
    }

    /// <summary>
    /// Where flows live again, those of small packets may do so a slice before the large ones; and an end whose word does not come, as it travels with the flows that are dead,
    /// told of them last.
    /// </summary>
    private bool AreSmallSilentBesides(PairView? owner, MonoTime from, HashSet<int> large) => owner?.Last is { } last && fleet.Now - last.Until < s_oldWord
        && (AreSmallSilent(FlowsOf(owner, from, large, fleet.Now - s_revival), large, fewest: 3) || AreSmallSilent(FlowsOf(owner, last.Until - s_lastWords, large), large));

    private static bool AreSmallSilent(Dictionary<int, (long Sent, long Answered)> flows, HashSet<int> large, int fewest = 2) =>
        flows.Any(f => f.Value.Answered > 0) && flows.Any(f => f.Value.Answered == 0 && f.Value.Sent >= fewest && !large.Contains(f.Key));

    /// <summary>
    /// Where all flows lose, some of them may lose all that they sent without being dead. How much is lost at random the others tell, of which something comes
    /// back; in a second they are few packets, so that it may be more than was seen: by two standard deviations.
    /// </summary>
    /// <param name="flows">All flows.</param>
    /// <param name="missed">How many packets in a row each of those missed that may be dead.</param>
    private static bool MayBeChance(Dictionary<int, (long Sent, long Answered)> flows, IEnumerable<double> missed)
    {
        var alive = flows.Values.Where(f => f.Answered > 0).ToList();
        var lost = (double)alive.Sum(f => Math.Max(0, f.Sent - f.Answered));
        var share = alive.Count == 0 ? LeastLikelyLoss : Math.Clamp((lost + (2 * Math.Sqrt(lost)) + 2) / alive.Sum(f => f.Sent), LeastLikelyLoss, 1);
        return missed.Aggregate(1.0, (chance, sent) => chance * Math.Min(1, Math.Pow(share, sent) * flows.Count)) > 1e-4;
    }

    /// <summary>
    /// By how many requests of a flow arrived, compared with those that are answered: both ends' slices do not begin and end together, so that at the beginning and the
    /// end of the trouble some are counted here that are not there. Null for what is in between.
    /// </summary>
    private static bool? IsLostThere(long arrived, double usual) => arrived * 4 <= usual ? true : arrived * 2 >= usual ? false : null;

    /// <summary>It counts requests, and its next slice will say more.</summary>
    private bool IsOnlyLate(PairView? reflector) => reflector?.LastRequest is not null && fleet.Now - reflector.Last!.Value.Until <= fleet.Settings.StaleAfter;

    /// <summary>The other end's word is missing, but its requests are not: where some of its flows have stopped too, the way here is to blame for the replies as well.</summary>
    private static bool IsTheOtherWay(PairView? owner, bool isLarge) => isLarge && owner?.StoppedFlows(s_stoppedAfter).Count > 0;

    /// <summary>What the receiver knows by itself of a sender whose word it has not: which of its flows have stopped coming.</summary>
    private DeadFlowSet StoppedFlows(Direction direction, Duration atLeast)
    {
        var after = atLeast > s_flowSpan ? atLeast : s_stoppedAfter;
        if (!direction.ReceiverIsRecent || direction.Sender?.Last?.Peer.Path is not { } path)
        {
            return DeadFlowSet.None;
        }

        var stopped = Stopped(direction, path, after);
        var smallSilent = stopped.Exists(f => !f.IsLarge);
        if (MayBeChance(direction, path, after, stopped.Count))
        {
            stopped = Stopped(direction, path, s_flowSpanInDoubt);
            if (MayBeChance(direction, path, s_flowSpanInDoubt, stopped.Count))
            {
                stopped.Clear();
            }
        }

        return stopped.Count == 0 ? DeadFlowSet.None with { SmallSilent = smallSilent }
            : new DeadFlowSet([.. stopped.Select(f => f.SourcePort).Order()], path.Flows.Count, true, fleet.Now - s_flowSpan, stopped.TrueForAll(f => f.IsLarge)) { SmallSilent = smallSilent };
    }

    private static List<FlowSlice> Stopped(Direction direction, PathSlice path, Duration after)
    {
        var stopped = direction.Receiver!.StoppedFlows(after);
        return [.. path.Flows.Where(f => stopped.Contains(f.SourcePort))];
    }

    /// <summary>How much goes lost is known of the receiver's own probes: some of their replies came the same way.</summary>
    private bool MayBeChance(Direction direction, PathSlice path, Duration after, int stopped)
    {
        var due = (double)after.Nanoseconds / Math.Max(1, path.Interval.Nanoseconds * path.Flows.Count);
        return stopped > 0 && MayBeChance(FlowsOf(direction.Receiver, fleet.Now - s_flowSpan, []), Enumerable.Repeat(due, stopped));
    }

    private static Dictionary<int, (long Sent, long Answered)> FlowsOf(PairView? owner, MonoTime from, HashSet<int> large, MonoTime? until = null)
    {
        var flows = new Dictionary<int, (long Sent, long Answered)>();
        foreach (var sight in owner?.After(from) ?? [])
        {
            if (sight.Until > until)
            {
                continue;
            }

            foreach (var flow in sight.Peer.Path?.Flows ?? [])
            {
                _ = flow.IsLarge && large.Add(flow.SourcePort);
                var sum = flows.GetValueOrDefault(flow.SourcePort);
                flows[flow.SourcePort] = (sum.Sent + flow.Sent, sum.Answered + flow.Answered);
            }
        }

        return flows;
    }

    private static Dictionary<int, long> ArrivedOf(PairView? reflector, MonoTime from)
    {
        var arrived = new Dictionary<int, long>();
        foreach (var sight in reflector?.After(from) ?? [])
        {
            foreach (var request in sight.Peer.Requests ?? [])
            {
                arrived[request.SourcePort] = arrived.GetValueOrDefault(request.SourcePort) + request.Received;
            }
        }

        return arrived;
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

    /// <summary>
    /// The fastest come as they did, others late, now and then: in most slices of one end, or, where bursts are so rare or short that few packets meet them, in some of both
    /// ends over a longer time.
    /// </summary>
    private Symptom? Jitter(Direction direction)
    {
        if (ClockMoved(direction)
            || fleet.IsExcused(direction.To, fleet.Now - Direction.Recent, fleet.Now, Duration.Zero)
            || fleet.IsExcused(direction.From, fleet.Now - Direction.Recent, fleet.Now, Duration.Zero))
        {
            return null;
        }

        foreach (var seen in direction.DelaysOfBoth().Where(d => d.Spread.IsKnown && d.Slices.Count >= 5))
        {
            var last = seen.Slices[^Math.Min(6, seen.Slices.Count)..];
            if (Wide(direction, seen, last).Count >= MostOfSix)
            {
                return OfSpread(direction, seen, seen.Slices[^1], last[0].At);
            }
        }

        var both = direction.LongerDelaysOfBoth();
        var wide = both.Select(d => d.Spread.IsKnown ? Wide(direction, d, d.Slices) : []).ToList();
        if (wide.Exists(w => w.Count < FewestWideOfEach) || wide.Sum(w => w.Count) < FewestWideOfBoth || wide.Max(w => w[^1].At) < fleet.Now - Direction.Recent / 2)
        {
            return null;
        }

        var witness = wide[0].Count >= wide[1].Count ? 0 : 1;
        return OfSpread(direction, both[witness], wide[witness][^1], MonoTime.Min(wide[0][0].At, wide[1][0].At));
    }

    /// <summary>Those slices in which the slowest came far later after the fastest than usual, and neither end was late itself.</summary>
    private List<SlicedDelay> Wide(Direction direction, DirectionDelays seen, List<SlicedDelay> slices) => [.. slices.Where(d =>
        seen.Spread.IsExceeded(d.Delay.P99 - d.Delay.Min, fleet.Settings.LatencyFloor) && !WasAsLate(direction, d.At, seen.Spread.Excess(d.Delay.P99 - d.Delay.Min)))];

    private static Symptom OfSpread(Direction direction, DirectionDelays seen, SlicedDelay now, MonoTime since) => new(
        VerdictKind.PathJitter, direction.From, direction.To, since, 0.8)
    {
        Size = (now.Delay.P99 - now.Delay.Min).Milliseconds,
        Evidence = [new VerdictEvidence(
            seen.Witness, $"spread of the delay from {direction.From} to {direction.To}", Math.Round((now.Delay.P99 - now.Delay.Min).Milliseconds, 2), "ms", Math.Round(seen.Spread.Usual.Milliseconds, 2))],
    };

    /// <summary>
    /// Whether one of the ends woke late in a slice by an amount that matters beside a spread: on a host without time for its threads the kernel has none for
    /// packets either.
    /// </summary>
    private bool WasAsLate(Direction direction, MonoTime at, Duration spread) => new[] { direction.From, direction.To }.Any(name =>
        fleet.Node(name)?.Lateness.Any(l => (l.At - at).Abs() <= s_slice && l.Lateness >= spread / 2) == true);

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
