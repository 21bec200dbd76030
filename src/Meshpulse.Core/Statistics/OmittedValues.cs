namespace Meshpulse.Core.Statistics;

/// <summary>
/// The observations that a stalled prober did not make (coordinated omission, Tene): a probe that was due every interval
/// and waited <c>value</c> hid the ones behind it, which would have waited value - interval, value - 2 intervals, and so
/// on down to one interval.
/// <para>
/// The obvious loop over them costs a step per missing value: an hour at 1 us is 3.6 * 10^9 steps, on the probing thread.
/// But they are an arithmetic progression, so how many lie at or below a bound, and what they sum to, is one division.
/// </para>
/// </summary>
internal readonly struct OmittedValues
{
    private readonly long _rest;
    private readonly long _interval;

    /// <summary>The values that one observation hid; none where the interval is not positive or the value is below two of them.</summary>
    public OmittedValues(long value, long interval)
    {
        if (interval <= 0 || value < interval)
        {
            return;
        }

        _interval = interval;
        _rest = value % interval;
        Count = (value / interval) - 1;
    }

    /// <summary>How many there are.</summary>
    public long Count { get; }

    /// <summary>Their sum: at most value^2, thus below 2^126.</summary>
    public Int128 Sum => ((Int128)Count * _rest) + ((Int128)Count * (Count + 1L) / 2 * _interval);

    /// <summary>The <paramref name="number"/>th smallest, from 1 to <see cref="Count"/>.</summary>
    public long this[long number] => _rest + (number * _interval);

    /// <summary>How many are <paramref name="bound"/> or less.</summary>
    public long AtOrBelow(long bound) => Count == 0 || bound < _rest ? 0 : Math.Min((bound - _rest) / _interval, Count);
}
