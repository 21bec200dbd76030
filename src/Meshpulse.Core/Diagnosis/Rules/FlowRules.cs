using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Diagnosis.Views;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Rules;

/// <summary>
/// Flows that lose everything, while others of the same direction do not: a bad member of a bundle, or, where only the flows of large packets do, a smaller MTU.
/// <para>
/// The problem: a flow sends a packet every some hundred milliseconds, so that a few losses at random, a stall of an end, or two slices that do not begin together look like
/// a dead one. The obvious way, so many unanswered in a row, cries wolf on each lossy path. What we do: all flows are looked at over the same time, what the others lose says
/// how likely chance is, and where that, or a stall, leaves a doubt, a longer time decides.
/// </para>
/// </summary>
/// <param name="fleet">All that is known.</param>
internal sealed class FlowRules(FleetView fleet)
{
    private const int FewestUnanswered = 4;
    private const int FewestArrived = 3;
    private const double LeastLikelyLoss = 0.03;

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
}
