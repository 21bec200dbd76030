namespace Meshpulse.Core.Time;

/// <summary>
/// One reading of both clocks at the same moment: the only bridge between them.
/// <para>
/// The problem: the kernel stamps packets with the wall clock, and intervals must not come from a clock that steps.
/// The obvious way, subtracting wall stamps, turns a step of the clock into a network stall of the same size.
/// What we do: read both clocks together each time we wake, and carry a stamp over by its distance from the wall half
/// of the reading taken right after it. A step between two pairings shows as a change of their <see cref="Offset"/>;
/// a stamp that lies across it cannot be placed, and the caller is told so.
/// </para>
/// </summary>
public readonly record struct ClockPairing(MonoTime Mono, WallTime Wall)
{
    /// <summary>Wall minus monotonic; constant but for slewing (at most 500 ppm, adjtimex(2)) and steps.</summary>
    public long Offset => Wall.Nanoseconds - Mono.Nanoseconds;

    /// <summary>
    /// The monotonic moment of a stamp that was taken between <paramref name="earlier"/> and this pairing.
    /// </summary>
    /// <param name="stamp">The kernel's wall-clock stamp.</param>
    /// <param name="earlier">A pairing from before the stamp was taken.</param>
    /// <param name="mono">The moment, never after this pairing; its own moment where the stamp can't be placed.</param>
    /// <returns>False where the clock stepped between the pairings or the stamp lies outside them by more than slack.</returns>
    public bool TryPlace(WallTime stamp, ClockPairing earlier, out MonoTime mono)
    {
        mono = Mono;
        if (SteppedSince(earlier).Abs() > StepFloor(earlier))
        {
            return false;
        }

        var age = (Wall - stamp).Nanoseconds;
        // The pairing's own error may make a stamp seem younger than it; more than slack is not of this interval.
        if (age < -PlacementSlack || age > (Mono - earlier.Mono).Nanoseconds + PlacementSlack)
        {
            return false;
        }

        mono = new MonoTime(Mono.Nanoseconds - Math.Max(0, age));
        return true;
    }

    /// <summary>By how much the wall clock moved against the monotonic one since <paramref name="earlier"/>.</summary>
    public Duration SteppedSince(ClockPairing earlier) => new(Offset - earlier.Offset);

    /// <summary>
    /// The largest movement that slewing and the reading's own error explain: 500 ppm of the time between, plus 100 us
    /// (two clock reads that a preemption separates can be further apart; that is seen as a step once and costs one sample).
    /// </summary>
    private Duration StepFloor(ClockPairing earlier) => new(100_000 + ((Mono - earlier.Mono).Nanoseconds / 2_000));

    private const long PlacementSlack = 1_000_000;
}
