using Meshpulse.Core.Time;

namespace Meshpulse.Core.Statistics;

/// <summary>
/// Counts and extremes over the last few seconds, in steps: a ring of buckets, each of which covers one step of the
/// monotonic clock's grid. Something that is learned later may still be put where it belongs, as long as its bucket is in the ring.
/// </summary>
public sealed class SlidingWindow
{
    /// <summary>Steps of a window at most.</summary>
    public const int MostSteps = 4096;

    private readonly Bucket[] _buckets;
    private readonly Duration _step;
    private readonly int _steps;

    /// <summary>A window of <paramref name="length"/>, read every <paramref name="step"/>.</summary>
    /// <param name="length">At least one step; a part of a step counts as a whole one. At most <see cref="MostSteps"/> steps.</param>
    /// <param name="step">More than zero.</param>
    public SlidingWindow(Duration length, Duration step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(step, Duration.Zero);
        _step = step;
        _steps = (int)Math.Clamp((length.Nanoseconds + step.Nanoseconds - 1) / step.Nanoseconds, 1, MostSteps);
        // One more is being filled, and one more may be when a report is made a moment late.
        _buckets = new Bucket[_steps + 2];
    }

    /// <summary>A request was decided: it was answered after a time, or not at all.</summary>
    public void Decide(MonoTime at, Duration? latency)
    {
        if (TryGet(at, out var index))
        {
            _buckets[index].Decided++;
            Answer(index, latency);
        }
    }

    /// <summary>A request that was counted as not answered at a moment has been answered.</summary>
    /// <returns>False where that moment has left the window.</returns>
    public bool TakeBack(MonoTime at, Duration latency)
    {
        if (!TryGet(at, out var index) || _buckets[index].Answered >= _buckets[index].Decided)
        {
            return false;
        }

        Answer(index, latency);
        return true;
    }

    /// <summary>The sums of the whole steps that lie within the window's length before <paramref name="now"/>.</summary>
    public WindowSums Read(MonoTime now)
    {
        var last = StepOf(now) - 1;
        var sums = WindowSums.Empty;
        for (var step = last - _steps + 1; step <= last; step++)
        {
            ref readonly var bucket = ref _buckets[IndexOf(step)];
            if (bucket.Step == step)
            {
                sums = sums.Plus(new WindowSums(bucket.Decided, bucket.Answered, bucket.Min, bucket.Max));
            }
        }

        return sums;
    }

    private void Answer(int index, Duration? latency)
    {
        if (latency is not { } value)
        {
            return;
        }

        ref var bucket = ref _buckets[index];
        bucket.Min = bucket.Answered == 0 ? value : Duration.Min(bucket.Min!.Value, value);
        bucket.Max = bucket.Answered == 0 ? value : Duration.Max(bucket.Max!.Value, value);
        bucket.Answered++;
    }

    private bool TryGet(MonoTime at, out int index)
    {
        var step = StepOf(at);
        index = IndexOf(step);
        ref var bucket = ref _buckets[index];
        if (bucket.Step < step)
        {
            bucket = new Bucket { Step = step };
        }

        return bucket.Step == step;
    }

    private long StepOf(MonoTime at) => at.Nanoseconds / _step.Nanoseconds;

    private int IndexOf(long step) => (int)(((step % _buckets.Length) + _buckets.Length) % _buckets.Length);

    private struct Bucket
    {
        public long Step;
        public long Decided;
        public long Answered;
        public Duration? Min;
        public Duration? Max;
    }
}
