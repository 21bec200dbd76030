namespace Meshpulse.Core.Statistics;

/// <summary>
/// A high-dynamic-range histogram: counts of values from 0 to hours with a fixed number of significant digits, in the
/// bucket layout, and with the answers, of the Java HdrHistogram 2.1.
/// <para>
/// The problem: a path's latency lies anywhere from 20 us to a day, and its p99.9 is wanted to three digits, per window and
/// since the start, for three figures of each of a thousand peers: 6,000 histograms per agent.
/// The obvious way is the dense array of that layout. Recording is a shift and an increment (7 to 14 ns), but an array is
/// 28,672 longs: 229 kB each, 1.4 GB for all, to be cleared each window, for paths that hit a few hundred counters.
/// What we do: keep only the counters that were hit (<see cref="SparseCounts"/>). An empty histogram takes 112 bytes, one of
/// 2,000 values around 5 ms about 3 kB, and statistics walk hundreds of counters instead of 28,672. The price is the lookup:
/// a comparison where a value falls into the bucket of the last one or the next above it (about 10 ns in all), else a
/// binary search (about 80 ns among 1,500 at random), and a shift of the arrays' tails when a bucket is hit for the first
/// time.
/// </para>
/// <para>
/// Recording never throws, whatever comes from the network: a value below zero counts as zero, one above the highest as the
/// highest (see <see cref="ClampedLow"/>, <see cref="ClampedHigh"/>), a count below 1 is nothing, and what would carry
/// <see cref="TotalCount"/> past 2^63 - 1 is dropped. It allocates only where a bucket is new and the room is used up,
/// or where the first count passes 2^32. One writer at a time; readers want a copy.
/// </para>
/// </summary>
public sealed partial class HdrHistogram
{
    private const int ObjectBytes = 112;

    private SparseCounts _counts;
    private long _exactMin = long.MaxValue;
    private long _exactMax;

    /// <summary>An empty histogram of <see cref="HdrGeometry.Default"/>.</summary>
    public HdrHistogram()
        : this(HdrGeometry.Default)
    {
    }

    /// <summary>An empty histogram; share the geometry among histograms of a kind.</summary>
    public HdrHistogram(HdrGeometry geometry)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        Geometry = geometry;
        _counts = new SparseCounts(geometry.CountsLength);
    }

    /// <summary>Which values share a counter.</summary>
    public HdrGeometry Geometry { get; }

    /// <summary>All observations, clamped ones included.</summary>
    public long TotalCount { get; private set; }

    /// <summary>Observations below zero, counted as zero.</summary>
    public long ClampedLow { get; private set; }

    /// <summary>Observations above the highest trackable value, counted as that.</summary>
    public long ClampedHigh { get; private set; }

    /// <summary>The memory this histogram holds, in bytes: an estimate for 64-bit runtimes, without the shared geometry.</summary>
    public int EstimatedBytes => ObjectBytes + _counts.ArrayBytes;

    /// <summary>Counts a value.</summary>
    /// <param name="value">In the histogram's unit; clamped into its range.</param>
    /// <param name="count">How often it was seen; below 1 nothing is recorded.</param>
    public void Record(long value, long count = 1)
    {
        if (count < 1 || !HasRoomFor(count))
        {
            return;
        }

        if (value < 0)
        {
            ClampedLow += count;
            value = 0;
        }
        else if (value > Geometry.HighestTrackableValue)
        {
            ClampedHigh += count;
            value = Geometry.HighestTrackableValue;
        }

        _counts.Add(Geometry.IndexOf(value), count);
        Account(value, value, count);
    }

    /// <summary>
    /// Counts a value and the ones that it kept from being observed: value - interval, value - 2 intervals, down to one
    /// interval (coordinated omission; the same counts as Java's recordValueWithExpectedInterval, at a cost per bucket
    /// instead of per missing value). A value above the highest is clamped first, so that a mad one cannot
    /// claim more than highest / interval omissions.
    /// </summary>
    /// <param name="value">In the histogram's unit; clamped into its range.</param>
    /// <param name="expectedInterval">The time between two due observations, in the same unit; 0 or less corrects nothing.</param>
    public void RecordWithExpectedInterval(long value, long expectedInterval)
    {
        Record(value);
        var omitted = new OmittedValues(Math.Min(value, Geometry.HighestTrackableValue), expectedInterval);
        if (omitted.Count == 0 || !HasRoomFor(omitted.Count))
        {
            return;
        }

        long done = 0;
        while (done < omitted.Count)
        {
            var index = Geometry.IndexOf(omitted[done + 1]);
            var upToHere = omitted.AtOrBelow(Geometry.HighestAt(index));
            _counts.Add(index, upToHere - done);
            done = upToHere;
        }

        Account(omitted[1], omitted[omitted.Count], omitted.Count);
    }

    /// <summary>
    /// Counts all that <paramref name="other"/> counted. Where its geometry differs, each of its buckets counts as the
    /// bucket's lowest value (as in Java), clamped into this range.
    /// </summary>
    public void Add(HdrHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!HasRoomFor(other.TotalCount) || other.TotalCount == 0)
        {
            return;
        }

        if (other.Geometry == Geometry)
        {
            var total = other.TotalCount;
            for (var i = 0; i < other._counts.Length; i++)
            {
                _counts.Add(other._counts.KeyAt(i), other._counts.CountAt(i));
            }

            ClampedHigh += other.ClampedHigh;
            Account(other._exactMin, other._exactMax, total);
        }
        else
        {
            foreach (var bucket in other.Buckets)
            {
                Record(bucket.Lowest, bucket.Count);
            }

            // What the other clamped to a highest above ours was clamped, and counted, once more just now.
            ClampedHigh += other.Geometry.HighestTrackableValue > Geometry.HighestTrackableValue ? 0 : other.ClampedHigh;
        }

        ClampedLow += other.ClampedLow;
    }

    /// <summary>Forgets everything and keeps the room, so that the next window allocates nothing.</summary>
    public void Reset()
    {
        _counts.Clear();
        TotalCount = ClampedLow = ClampedHigh = _exactMax = 0;
        _exactMin = long.MaxValue;
    }

    /// <summary>Gives back the room that is not in use.</summary>
    public void TrimExcess() => _counts.TrimExcess();

    /// <summary>A copy of its own, without excess room.</summary>
    public HdrHistogram Clone()
    {
        var copy = new HdrHistogram(Geometry);
        CopyTo(copy);
        return copy;
    }

    /// <summary>Makes <paramref name="target"/> equal to this; allocates only where its room is too small.</summary>
    /// <exception cref="ArgumentException">The target's geometry differs.</exception>
    public void CopyTo(HdrHistogram target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (target.Geometry != Geometry)
        {
            throw new ArgumentException("The target's geometry differs.", nameof(target));
        }

        target._counts.CopyFrom(_counts);
        target.TotalCount = TotalCount;
        target.ClampedLow = ClampedLow;
        target.ClampedHigh = ClampedHigh;
        target._exactMin = _exactMin;
        target._exactMax = _exactMax;
    }

    /// <summary>For the decoder: counts a bucket whose values are not known; false where the total would pass 2^63 - 1.</summary>
    internal bool TryAddAt(int index, long count)
    {
        if (!HasRoomFor(count))
        {
            return false;
        }

        _counts.Add(index, count);
        Account(Geometry.LowestAt(index), Geometry.HighestAt(index), count);
        return true;
    }

    private bool HasRoomFor(long count) => count <= long.MaxValue - TotalCount;

    private void Account(long lowest, long highest, long count)
    {
        TotalCount += count;
        _exactMin = Math.Min(_exactMin, lowest);
        _exactMax = Math.Max(_exactMax, highest);
    }
}
