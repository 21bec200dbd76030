namespace Meshpulse.Core.Statistics;

/// <content>What can be asked; every answer is the one that the Java HdrHistogram 2.1 gives for the same values.</content>
public sealed partial class HdrHistogram
{
    /// <summary>The buckets that were hit, in ascending order.</summary>
    public IEnumerable<HdrBucket> Buckets
    {
        get
        {
            for (var i = 0; i < _counts.Length; i++)
            {
                yield return BucketAt(i);
            }
        }
    }

    /// <summary>How many distinct buckets were hit: the bound for <see cref="BucketAt"/>.</summary>
    public int BucketCount => _counts.Length;

    /// <summary>The lowest value of the lowest bucket that was hit; 0 where nothing was recorded.</summary>
    public long Min => _counts.Length == 0 ? 0 : Geometry.LowestAt(_counts.KeyAt(0));

    /// <summary>The highest value of the highest bucket that was hit; 0 where nothing was recorded.</summary>
    public long Max => _counts.Length == 0 ? 0 : Geometry.HighestAt(_counts.KeyAt(_counts.Length - 1));

    /// <summary>
    /// The smallest value itself, after clamping; 0 where nothing was recorded. Where it came in encoded, the lower end of its bucket.
    /// </summary>
    public long ExactMin => TotalCount == 0 ? 0 : _exactMin;

    /// <summary>
    /// The largest value itself, after clamping; 0 where nothing was recorded. Where it came in encoded, the upper end of its bucket.
    /// </summary>
    public long ExactMax => _exactMax;

    /// <summary>The mean of all observations, each taken as the middle of its bucket; 0 where nothing was recorded.</summary>
    public double Mean
    {
        get
        {
            var sum = 0.0;
            for (var i = 0; i < _counts.Length; i++)
            {
                sum += Geometry.MedianAt(_counts.KeyAt(i)) * (double)_counts.CountAt(i);
            }

            return TotalCount == 0 ? 0 : sum / TotalCount;
        }
    }

    /// <summary>The population's standard deviation around <see cref="Mean"/>, from the same middles; 0 where nothing was recorded.</summary>
    public double StandardDeviation
    {
        get
        {
            var mean = Mean;
            var sum = 0.0;
            for (var i = 0; i < _counts.Length; i++)
            {
                var deviation = Geometry.MedianAt(_counts.KeyAt(i)) - mean;
                sum += deviation * deviation * _counts.CountAt(i);
            }

            return TotalCount == 0 ? 0 : Math.Sqrt(sum / TotalCount);
        }
    }

    /// <summary>One of the buckets that were hit, by position in ascending order, 0 to <see cref="BucketCount"/> - 1; allocates nothing.</summary>
    public HdrBucket BucketAt(int position)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)position, (uint)_counts.Length, nameof(position));
        var index = _counts.KeyAt(position);
        return new HdrBucket(Geometry.LowestAt(index), Geometry.HighestAt(index), _counts.CountAt(position));
    }

    /// <summary>
    /// The value that <paramref name="percentile"/> percent of the observations do not exceed: the upper end of its bucket
    /// (for percentile 0 the lower end of the first); 0 where nothing was recorded.
    /// </summary>
    /// <param name="percentile">0 to 100; beyond that taken as the nearest.</param>
    public long ValueAtPercentile(double percentile)
    {
        // One step down before rounding up, so that 99.9 of 1,000 asks for the 999th and not, by the product's error, the 1,000th.
        var wanted = Math.Clamp(Math.BitDecrement(percentile), 0, 100);
        var rank = Math.Max(1, (long)Math.Ceiling(wanted * TotalCount / 100.0));
        long seen = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts.CountAt(i);
            if (seen >= rank)
            {
                var index = _counts.KeyAt(i);
                return percentile == 0 ? Geometry.LowestAt(index) : Geometry.HighestAt(index);
            }
        }

        // Above 2^53 observations a rank is rounded and can pass the total.
        return Max;
    }

    /// <summary>What percentage of the observations is in the bucket of <paramref name="value"/> or below; 100 where nothing was recorded.</summary>
    public double PercentileAtOrBelow(long value) =>
        TotalCount == 0 ? 100 : 100.0 * CountBetween(0, value) / TotalCount;

    /// <summary>How many observations lie in the buckets from that of <paramref name="low"/> to that of <paramref name="high"/>, both inclusive.</summary>
    public long CountBetween(long low, long high)
    {
        if (low > high || high < 0 || low > Geometry.HighestAt(Geometry.CountsLength - 1))
        {
            return 0;
        }

        var last = Geometry.IndexOf(high);
        long sum = 0;
        for (var i = _counts.FirstAtOrAbove(Geometry.IndexOf(low)); i < _counts.Length && _counts.KeyAt(i) <= last; i++)
        {
            sum += _counts.CountAt(i);
        }

        return sum;
    }
}
