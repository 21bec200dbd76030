using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Diagnosis.Views;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Rules;

/// <summary>
/// Packets that come, but late: all of them and for good (a longer way), all of them while a queue grows and drains, or some now and then.
/// <para>
/// The problem: one-way delay is known to the clocks' bound only, each end has its own measurement of it, and a host that wakes late makes everything late. The obvious way, a
/// limit on the mean, finds all of these and can't tell them apart. What we do: the fastest, the median and the slowest of each slice are compared with what they usually are,
/// slices that a stall can have made are left out, and no excess counts that the bound would allow.
/// </para>
/// </summary>
/// <param name="fleet">All that is known.</param>
/// <param name="isExplained">Whether something that is said already explains a direction.</param>
internal sealed class DelayRules(FleetView fleet, Func<(string From, string To), bool> isExplained)
{
    private const int MostOfSix = 4;
    private const int FewestWideOfEach = 4;
    private const int FewestWideOfBoth = 10;

    private static readonly Duration s_clockMemory = Duration.FromMilliseconds(3_000);
    private static readonly Duration s_slice = Duration.FromMilliseconds(250);
    private static readonly Duration s_fresh = Duration.FromMilliseconds(900);

    /// <summary>Alone a delay has to last.</summary>
    public Symptom? Delay(Direction direction)
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
    public Symptom? DelayBesideLosses(Direction direction)
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

    /// <summary>
    /// The fastest come as they did, others late, now and then: in most slices of one end, or, where bursts are so rare or short that few packets meet them, in some of both
    /// ends over a longer time.
    /// </summary>
    public Symptom? Jitter(Direction direction)
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
}
