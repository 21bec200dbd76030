using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Diagnosis.Views;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Rules;

/// <summary>
/// All that is known of packets from one node to another, by both ends: the sender's probes, whose losses on the way there the reflector's numbers tell,
/// and the receiver's, whose losses on the way back do; the heartbeats; and what of the sender's probes reached the receiver's reflector.
/// </summary>
internal sealed class Direction(FleetView fleet, string from, string to)
{
    /// <summary>What has just gone wrong shows in so much time.</summary>
    public static readonly Duration Recent = Duration.FromMilliseconds(2_000);

    private static readonly Duration s_rare = Duration.FromMilliseconds(4_000);

    // A stall of the receiver shows in its losses until the timeouts of what it did not read have passed.
    private static readonly Duration s_afterStall = Duration.FromMilliseconds(1_400);

    // Slices end each quarter of a second, some late.
    private static readonly Duration s_someRequests = Duration.FromMilliseconds(150);
    private static readonly Duration s_noRequests = Duration.FromMilliseconds(400);
    private static readonly Duration s_patience = Duration.FromSeconds(2);

    private static readonly Duration s_fading = Duration.FromMilliseconds(120);

    // Timeouts, and the slices that tell of them.
    private static readonly Duration s_afterDead = Duration.FromMilliseconds(1_100);

    public string From { get; } = from;

    public string To { get; } = to;

    /// <summary>What the sender sees of the receiver.</summary>
    public PairView? Sender { get; } = fleet.Pair(from, to);

    /// <summary>What the receiver sees of the sender.</summary>
    public PairView? Receiver { get; } = fleet.Pair(to, from);

    /// <summary>Someone whose word is recent has probed it, or could hear it.</summary>
    public bool IsMeasured => IsRecent(Sender) || IsRecent(Receiver);

    public bool SenderIsRecent => IsRecent(Sender);

    public bool ReceiverIsRecent => IsRecent(Receiver);

    /// <summary>Packets lost in this direction, by either end's count, and how many went. Losses of flows that lose all are not among them.</summary>
    public LossTally Losses(Duration within)
    {
        var (lost, sent, slices, first, last) = (0L, 0L, 0, fleet.Now, new MonoTime(long.MinValue / 2));
        foreach (var (sight, counts, forward) in Counts(within))
        {
            var gone = forward ? counts.LostForward : counts.LostBackward;
            lost += gone;
            sent += forward ? counts.Answered + counts.LostForward + counts.LostBackward : counts.Answered + counts.LostBackward;
            slices += gone > 0 ? 1 : 0;
            first = gone > 0 ? MonoTime.Min(first, sight.From) : first;
            last = gone > 0 && sight.Until > last ? sight.Until : last;
        }

        return new LossTally(lost, sent, slices, first, last);
    }

    /// <summary>The losses of a longer time, for what is rare.</summary>
    public LossTally RareLosses() => Losses(s_rare);

    /// <summary>Delay in this direction, slice by slice, of the end that knows more.</summary>
    public DirectionDelays Delays()
    {
        var (forward, backward) = (DelaysBySender(Recent), DelaysByReceiver(Recent));
        return forward.Slices.Count >= backward.Slices.Count ? forward : backward;
    }

    /// <summary>The same of each end.</summary>
    public DirectionDelays[] DelaysOfBoth() => [DelaysBySender(Recent), DelaysByReceiver(Recent)];

    /// <summary>The same of a longer time, for what is rare.</summary>
    public DirectionDelays[] LongerDelaysOfBoth() => [DelaysBySender(s_rare), DelaysByReceiver(s_rare)];

    /// <summary>Since when nothing gets through; null where something does, or nobody knows.</summary>
    public MonoTime? DeadSince()
    {
        if (IsExcused())
        {
            return null;
        }

        if (SenderIsRecent && Sender!.Last!.Value.Peer.Path is { Counts.Answered: > 0 } answered && answered.Silence < s_fading)
        {
            return null;
        }

        if (ReceiverIsRecent && Receiver!.Silence >= fleet.Settings.SilenceFloor)
        {
            return IsClosed(Receiver) switch
            {
                // TCP needs both directions; requests that still reach the reflector prove that this one is open.
                false => null,
                true => SilentProbes(Sender) is { } probes ? MonoTime.Min(probes, Receiver.SilentSince) : Receiver.SilentSince,
                null => Receiver.WithoutRequests is not null ? null : SilentProbes(Sender) ?? (Receiver.HasHadPath ? null : Receiver.SilentSince),
            };
        }

        if (!ReceiverIsRecent && SenderIsRecent && Sender!.Silence >= fleet.Settings.SilenceFloor)
        {
            return SilentProbes(Sender);
        }

        return null;
    }

    /// <summary>
    /// Since when the ends have not been connected, where they gave it up after a silence; null where they are, or this direction is known to be open. By then nobody
    /// probes any more: it is no proof of anything but that what was known lasts.
    /// </summary>
    public MonoTime? BrokenSince()
    {
        var views = new[] { SenderIsRecent ? Sender : null, ReceiverIsRecent ? Receiver : null }.OfType<PairView>().ToList();
        return !IsWhole && views.Count > 0 && views.TrueForAll(v => v.Silence >= fleet.Settings.SilenceFloor) ? views.Min(v => v.SilentSince) : null;
    }

    /// <summary>No end has given up the connection.</summary>
    public bool IsWhole => Receiver?.Ended is null && Sender?.Ended is null;

    /// <summary>
    /// Whether none of the sender's requests reaches the receiver: false where some do, null where that is not known, or not yet. Of one slice without any a reflector
    /// that did not run is as good a cause, unless the other direction is open: then this one must be closed, or all would be well.
    /// </summary>
    private bool? IsClosed(PairView receiver) => receiver.WithoutRequests switch
    {
        null => null,
        { } none when none < s_someRequests => false,
        // Who has given up the connection does not ask any more.
        _ when !IsWhole && receiver.LastRequest - receiver.SilentSince > s_patience => null,
        { } none when none >= s_noRequests || (SenderIsRecent && Sender!.WithoutRequests < s_someRequests) => true,
        _ => null,
    };

    /// <summary>Whether it may be about to die: nothing came for a moment, too short to say so of it alone.</summary>
    public bool IsFading() => (ReceiverIsRecent && Receiver!.Silence >= s_fading && Arrives(Receiver) != true)
        || (SenderIsRecent && !ReceiverIsRecent && Sender!.Last!.Value.Peer.Path?.Silence >= s_fading);

    /// <summary>Whether the sender's requests reach the receiver's reflector, by its last slice; null where nobody counts.</summary>
    public static bool? Arrives(PairView? receiver)
    {
        var told = receiver?.Sights.Where(s => s.Peer.Requests is not null).TakeLast(1).ToList();
        return told is not { Count: > 0 } ? null : told.Exists(s => s.Peer.Requests!.Any(r => r.Received > 0));
    }

    /// <summary>Whether the last slice's delay was above what is usual.</summary>
    public bool IsRising()
    {
        var (delays, usual, _, _) = Delays();
        return delays.Count > 0 && usual.IsKnown && usual.IsExceeded(delays[^1].Delay.Median, fleet.Settings.LatencyFloor);
    }

    /// <summary>Whether anything was lost lately: too little by itself, but enough beside others.</summary>
    public bool HasAnyLoss() => Losses(Recent).Lost > 0;

    /// <summary>The slices of both ends that tell of losses in this direction, with those that the end itself is to blame for left out.</summary>
    private IEnumerable<(Sight Sight, PathCounts Counts, bool Forward)> Counts(Duration within)
    {
        var after = fleet.Now - within;
        foreach (var (pair, forward) in new[] { (Sender, true), (Receiver, false) })
        {
            if (pair is null)
            {
                continue;
            }

            foreach (var sight in pair.After(after))
            {
                if (sight.From < pair.LastDead + s_afterDead)
                {
                    continue;
                }

                // What is lost at the receiver's own door while it does not run is not lost on the way.
                if (sight.Peer.Path is { } path && !fleet.IsExcused(To, sight.From - s_afterStall, sight.Until, Duration.Zero))
                {
                    yield return (sight, path.Counts.WithoutOlderLosses(), forward);
                }
            }
        }
    }

    private DirectionDelays DelaysBySender(Duration within) => new(DelaysOf(Sender, within, isForward: true), Sender?.Forward ?? default, Sender?.ForwardSpread ?? default, From);

    private DirectionDelays DelaysByReceiver(Duration within) => new(DelaysOf(Receiver, within, isForward: false), Receiver?.Backward ?? default, Receiver?.BackwardSpread ?? default, To);

    private List<SlicedDelay> DelaysOf(PairView? pair, Duration within, bool isForward)
    {
        var delays = new List<SlicedDelay>();
        if (pair is null)
        {
            return delays;
        }

        foreach (var sight in pair.After(fleet.Now - within))
        {
            if (sight.Peer.Path is { } path && (isForward ? path.Forward : path.Backward) is { } delay)
            {
                delays.Add(new SlicedDelay(sight.Until, delay, path.Bound));
            }
        }

        return delays;
    }

    private MonoTime? SilentProbes(PairView? pair)
    {
        if (pair?.Last is not { Peer.Path: { } path } last || path.Silence < fleet.Settings.SilenceFloor || path.Silence < path.Interval * 6)
        {
            return null;
        }

        return last.Until - path.Silence;
    }

    private bool IsExcused()
    {
        var since = MonoTime.Min(Receiver?.SilentSince ?? fleet.Now, Sender?.SilentSince ?? fleet.Now);
        var tail = Duration.FromMilliseconds(300);
        // On a busy host something small stalls all the time, and explains no long silence.
        var explains = (fleet.Now - since) / 4;
        return fleet.IsExcused(From, since - tail, fleet.Now, tail, explains) || fleet.IsExcused(To, since - tail, fleet.Now, tail, explains);
    }

    private bool IsRecent(PairView? pair) => pair?.Last is { } last && fleet.Now - last.Until <= fleet.Settings.StaleAfter
        && fleet.HasWitness(pair.Observer);
}
