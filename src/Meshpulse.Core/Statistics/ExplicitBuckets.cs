using System.Collections.Immutable;

namespace Meshpulse.Core.Statistics;

/// <summary>
/// Exact counters for a fixed set of upper bounds: the <c>_bucket</c>, <c>_sum</c> and <c>_count</c> series of a
/// Prometheus histogram. Read off an <see cref="HdrHistogram"/> they would be wrong by the part of a bucket that
/// lies beyond the bound, and a scraped counter must not depend on that.
/// <para>
/// Values are clamped and dropped as in <see cref="HdrHistogram"/>, so that one of the same highest value agrees on the total.
/// The sum is an integer of 128 bits: a double forgets small latencies once it passes 2^53 and then depends on the
/// order; this is exact, and cannot overflow, because 2^63 values below 2^63 sum to less than 2^126.
/// </para>
/// </summary>
public sealed class ExplicitBuckets
{
    private readonly ImmutableArray<long> _upperBounds;
    private readonly long[] _counts;
    private readonly long _highest;

    /// <summary>Counters for values up to each bound, inclusive, and for all (+Inf).</summary>
    /// <param name="upperBounds">Strictly ascending; without +Inf, which is implied. Shared, not copied.</param>
    /// <param name="highestTrackableValue">Values above it count as it, 0 or more.</param>
    /// <exception cref="ArgumentException">The bounds do not ascend, or the highest value is negative.</exception>
    public ExplicitBuckets(ImmutableArray<long> upperBounds, long highestTrackableValue = HdrGeometry.DefaultHighest)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(highestTrackableValue);
        ArgumentOutOfRangeException.ThrowIfEqual(upperBounds.IsDefault, true, nameof(upperBounds));
        for (var i = 1; i < upperBounds.Length; i++)
        {
            if (upperBounds[i] <= upperBounds[i - 1])
            {
                throw new ArgumentException("Upper bounds must ascend.", nameof(upperBounds));
            }
        }

        _upperBounds = upperBounds;
        _counts = new long[upperBounds.Length + 1];
        _highest = highestTrackableValue;
    }

    /// <summary>The bounds, ascending, without +Inf.</summary>
    public ImmutableArray<long> UpperBounds => _upperBounds;

    /// <summary>All observations.</summary>
    public long TotalCount { get; private set; }

    /// <summary>The sum of all observations, after clamping, in their unit.</summary>
    public Int128 Sum { get; private set; }

    /// <summary>Counts a value; allocates nothing.</summary>
    /// <param name="value">Clamped to 0 and the highest trackable value.</param>
    /// <param name="count">How often it was seen; below 1 nothing is recorded.</param>
    public void Record(long value, long count = 1)
    {
        if (count < 1 || count > long.MaxValue - TotalCount)
        {
            return;
        }

        var inRange = Math.Clamp(value, 0, _highest);
        _counts[BucketOf(inRange)] += count;
        TotalCount += count;
        Sum += (Int128)inRange * count;
    }

    /// <summary>Counts a value and the ones it kept from being observed, as <see cref="HdrHistogram.RecordWithExpectedInterval"/> does.</summary>
    public void RecordWithExpectedInterval(long value, long expectedInterval)
    {
        Record(value);
        var omitted = new OmittedValues(Math.Min(value, _highest), expectedInterval);
        if (omitted.Count > long.MaxValue - TotalCount)
        {
            return;
        }

        long below = 0;
        for (var i = 0; i < _counts.Length && below < omitted.Count; i++)
        {
            var upToHere = i < _upperBounds.Length ? omitted.AtOrBelow(_upperBounds[i]) : omitted.Count;
            _counts[i] += upToHere - below;
            below = upToHere;
        }

        TotalCount += omitted.Count;
        Sum += omitted.Sum;
    }

    /// <summary>
    /// Writes how many observations are at or below each bound, and last the total: one more number than there are bounds.
    /// </summary>
    /// <exception cref="ArgumentException">The span is shorter than that.</exception>
    public void CopyCumulativeTo(Span<long> counts)
    {
        if (counts.Length < _counts.Length)
        {
            throw new ArgumentException("There must be room for one count per bound and the total.", nameof(counts));
        }

        long sum = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            sum += _counts[i];
            counts[i] = sum;
        }
    }

    /// <summary>A snapshot of the cumulative counts: per bound, and last the total.</summary>
    public long[] CumulativeCounts()
    {
        var counts = new long[_counts.Length];
        CopyCumulativeTo(counts);
        return counts;
    }

    private int BucketOf(long value)
    {
        var found = _upperBounds.BinarySearch(value);
        return found < 0 ? ~found : found;
    }
}
