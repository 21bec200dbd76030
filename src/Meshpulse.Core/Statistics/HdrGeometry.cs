using System.Numerics;

namespace Meshpulse.Core.Statistics;

/// <summary>
/// The bucket layout of the classic HdrHistogram: which values share a counter. Immutable and shared by all histograms
/// of one kind, so that a histogram carries a reference instead of the numbers.
/// <para>
/// Values up to 2^m, the first power of two that holds 2 * 10^digits, have a counter each (in units of the lowest
/// discernible value). From there every doubling of the value gets 2^(m-1) counters, each twice as wide as in the doubling
/// below: a counter's width never exceeds its value / 10^digits.
/// </para>
/// </summary>
public sealed record HdrGeometry
{
    /// <summary>24 hours in microseconds.</summary>
    public const long DefaultHighest = 86_400_000_000;

    private readonly int _unitMagnitude;
    private readonly int _halfCountMagnitude;
    private readonly long _subBucketMask;
    private readonly long _lastCounted;

    /// <summary>Lays the buckets out.</summary>
    /// <param name="highestTrackableValue">At least twice the lowest discernible value.</param>
    /// <param name="significantDigits">0 to 5 decimal digits of relative precision.</param>
    /// <param name="lowestDiscernibleValue">At least 1; rounded down to a power of two.</param>
    /// <exception cref="ArgumentException">A number is out of its range, or the digits do not fit above the lowest value in 62 bits.</exception>
    public HdrGeometry(long highestTrackableValue = DefaultHighest, int significantDigits = 3, long lowestDiscernibleValue = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(significantDigits, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(significantDigits, 5);
        ArgumentOutOfRangeException.ThrowIfLessThan(lowestDiscernibleValue, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(highestTrackableValue / 2, lowestDiscernibleValue, nameof(highestTrackableValue));

        HighestTrackableValue = highestTrackableValue;
        SignificantDigits = significantDigits;
        LowestDiscernibleValue = lowestDiscernibleValue;

        var singleUnitRange = 2u;
        for (var i = 0; i < significantDigits; i++)
        {
            singleUnitRange *= 10;
        }

        var countMagnitude = BitOperations.Log2(singleUnitRange - 1) + 1;
        _unitMagnitude = BitOperations.Log2((ulong)lowestDiscernibleValue);
        _halfCountMagnitude = countMagnitude - 1;
        if (countMagnitude + _unitMagnitude > 62)
        {
            throw new ArgumentException("The lowest discernible value leaves no room for that many digits.", nameof(lowestDiscernibleValue));
        }

        _subBucketMask = ((1L << countMagnitude) - 1) << _unitMagnitude;
        CountsLength = (BucketOf(highestTrackableValue) + 2) << _halfCountMagnitude;
        _lastCounted = HighestAt(CountsLength - 1);
    }

    /// <summary>Microseconds up to 24 hours with three digits.</summary>
    public static HdrGeometry Default { get; } = new();

    /// <summary>Values below it are not told apart from zero.</summary>
    public long LowestDiscernibleValue { get; }

    /// <summary>
    /// The largest value that is recorded as itself. The layout ends at the next power of two; Java's histograms, and what is
    /// decoded from them, can have counts up to there.
    /// </summary>
    public long HighestTrackableValue { get; }

    /// <summary>Decimal digits of relative precision, 0 to 5.</summary>
    public int SignificantDigits { get; }

    /// <summary>How many counters the layout has, hit or not: 28,672 by default, 6 million at most.</summary>
    public int CountsLength { get; }

    /// <summary>The counter of a value, 0 to <see cref="CountsLength"/> - 1; a value outside the layout is taken as the nearest within.</summary>
    public int IndexOf(long value)
    {
        var inRange = Math.Clamp(value, 0, _lastCounted);
        var bucket = BucketOf(inRange);
        var subBucket = (int)(inRange >> (bucket + _unitMagnitude));
        // Of all buckets but the first only the upper half of the sub-buckets exists: the lower half is the bucket below.
        return (bucket << _halfCountMagnitude) + subBucket;
    }

    /// <summary>The smallest value of a counter.</summary>
    public long LowestAt(int index)
    {
        var (bucket, subBucket) = Split(index);
        return (long)subBucket << (bucket + _unitMagnitude);
    }

    /// <summary>The largest value of a counter; of the last one it can lie above <see cref="HighestTrackableValue"/>.</summary>
    public long HighestAt(int index) => LowestAt(index) + (WidthAt(index) - 1);

    /// <summary>The middle of a counter's range, rounded up: the value that stands for it in means.</summary>
    public long MedianAt(int index) => LowestAt(index) + (WidthAt(index) >> 1);

    /// <summary>The smallest value that shares a counter with <paramref name="value"/>.</summary>
    public long LowestEquivalent(long value) => LowestAt(IndexOf(value));

    /// <summary>The largest value that shares a counter with <paramref name="value"/>.</summary>
    public long HighestEquivalent(long value) => HighestAt(IndexOf(value));

    /// <summary>The middle of the range that shares a counter with <paramref name="value"/>.</summary>
    public long MedianEquivalent(long value) => MedianAt(IndexOf(value));

    private int BucketOf(long value) =>
        BitOperations.Log2((ulong)(value | _subBucketMask)) - _halfCountMagnitude - _unitMagnitude;

    private long WidthAt(int index) => 1L << (Split(index).Bucket + _unitMagnitude);

    private (int Bucket, int SubBucket) Split(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)CountsLength, nameof(index));
        var bucket = Math.Max((index >> _halfCountMagnitude) - 1, 0);
        return (bucket, index - (bucket << _halfCountMagnitude));
    }
}
