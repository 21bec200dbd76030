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
    private const double LeastShare = 0.02;
    private const double LeastRareShare = 0.005;

    private static readonly Duration s_routeMemory = Duration.FromMilliseconds(2_000);

    private readonly FlowRules _flows = new(fleet);
    private readonly DelayRules _delays = new(fleet, isExplained);

    public Symptom? Judge(Direction direction)
    {
        if (Silence(direction) is { } dead && IsAlive(direction.From, dead) && IsAlive(direction.To, dead))
        {
            return Dead(direction, dead);
        }

        var flows = _flows.Judge(direction);
        // A queue that is full has no room for the largest first, and a single flow may meet it full a few times in a row.
        var loss = Loss(direction) ?? (flows?.What == VerdictKind.PathMtu || flows?.Flows.Count == 1 ? flows : null);
        var delay = loss is null ? _delays.Delay(direction) : _delays.DelayBesideLosses(direction);
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
            ?? Reordering(direction) ?? Duplication(direction) ?? delay ?? _delays.Jitter(direction);
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
