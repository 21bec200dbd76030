using Meshpulse.Core.Time;

namespace Meshpulse.Core.Statistics;

/// <summary>
/// By how much another host's wall clock is ahead of ours: somewhere from <paramref name="Low"/> to <paramref name="High"/>, both
/// inclusive. A side without evidence lies at <see cref="Duration.MaxValue"/> or its negative.
/// </summary>
/// <param name="Low">The offset is not below it.</param>
/// <param name="High">The offset is not above it.</param>
public readonly record struct OffsetInterval(Duration Low, Duration High)
{
    /// <summary>Nothing is known.</summary>
    public static OffsetInterval Unknown => new(-Duration.MaxValue, Duration.MaxValue);

    /// <summary>Both ends are known.</summary>
    public bool IsBounded => Low > -Duration.MaxValue && High < Duration.MaxValue;

    /// <summary>No offset satisfies both ends: a clock stepped, or runs faster than was allowed for.</summary>
    public bool IsContradiction => Low > High;

    /// <summary>It says where the offset is: both ends are known and agree.</summary>
    public bool IsKnown => IsBounded && !IsContradiction;

    /// <summary>High less low; <see cref="Duration.MaxValue"/> where an end is unknown.</summary>
    public Duration Width => IsBounded ? High - Low : Duration.MaxValue;

    /// <summary>The middle, which is off by half the width at most; null where an end is unknown.</summary>
    public Duration? Middle => IsBounded ? Low + (Width / 2) : null;

    /// <summary>
    /// The one offset that stands for the interval; null where an end is unknown or both contradict each other.
    /// <para>
    /// The obvious one, the middle, splits every round trip in half: 5 ms there and 20 ms back become twice 12.5, although both
    /// clocks are right. So where no difference at all is within the interval, that is taken: nothing that was measured speaks against the
    /// clocks being equal. Where they are proven to differ it is the middle. The interval is told beside it, so that nobody needs to
    /// believe the point more than it deserves.
    /// </para>
    /// </summary>
    public Duration? Point => !IsKnown ? null : Contains(Duration.Zero) ? Duration.Zero : Middle;

    /// <summary>True where the offset may be <paramref name="offset"/>.</summary>
    public bool Contains(Duration offset) => Low <= offset && offset <= High;

    /// <summary>What satisfies both.</summary>
    public OffsetInterval Intersect(OffsetInterval other) => new(Duration.Max(Low, other.Low), Duration.Min(High, other.High));

    /// <summary>
    /// A forward delay of which the clocks' difference (T2 - T1) is known: within these bounds, never below zero; null where an end
    /// is unknown.
    /// </summary>
    public DelayBound? Forward(Duration difference) => BoundOf(difference - High, difference - Low);

    /// <summary>
    /// A backward delay of which the clocks' difference (T4 - T3) is known: within these bounds, never below zero; null where an
    /// end is unknown.
    /// </summary>
    public DelayBound? Backward(Duration difference) => BoundOf(difference + Low, difference + High);

    private DelayBound? BoundOf(Duration low, Duration high) =>
        IsBounded ? new DelayBound(Duration.Max(Duration.Zero, low), Duration.Max(Duration.Zero, high)) : null;
}
