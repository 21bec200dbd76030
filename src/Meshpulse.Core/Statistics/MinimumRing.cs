using Meshpulse.Core.Time;

namespace Meshpulse.Core.Statistics;

/// <summary>
/// The smallest value of the last few steps of time, where a value grows by a rate as it gets old: per step only the one that is
/// smallest in the end is kept.
/// </summary>
internal sealed class MinimumRing(Duration step, int steps, long ppm)
{
    private readonly Bucket[] _buckets = new Bucket[steps + 1];

    /// <summary>Forgets everything.</summary>
    public void Clear() => Array.Clear(_buckets);

    /// <summary>A value that was true at a moment.</summary>
    public void Add(MonoTime at, Duration value)
    {
        var number = (at.Nanoseconds / step.Nanoseconds) + 1;
        ref var bucket = ref _buckets[number % _buckets.Length];
        if (number < bucket.Number)
        {
            return;
        }

        if (number > bucket.Number || value <= Aged(bucket.Value, at - bucket.At))
        {
            bucket = new Bucket(number, at, value);
        }
    }

    /// <summary>The smallest, as it is by now; <see cref="Duration.MaxValue"/> where there is none.</summary>
    public Duration Read(MonoTime now)
    {
        var smallest = Duration.MaxValue;
        var oldest = (now.Nanoseconds / step.Nanoseconds) + 1 - steps;
        foreach (ref readonly var bucket in _buckets.AsSpan())
        {
            if (bucket.Number > 0 && bucket.Number >= oldest)
            {
                smallest = Duration.Min(smallest, Aged(bucket.Value, (now - bucket.At).Abs()));
            }
        }

        return smallest;
    }

    /// <summary>Rounded up; an age of years does not overflow at 1,000 ppm.</summary>
    private Duration Aged(Duration value, Duration age) =>
        age <= Duration.Zero ? value : value + new Duration(((age.Nanoseconds / 1_000_000) + 1) * ppm);

    private readonly record struct Bucket(long Number, MonoTime At, Duration Value);
}
