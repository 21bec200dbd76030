using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Views;

/// <summary>The difference of two clocks once a second, the last half minute, and how fast it is proven to change.</summary>
internal sealed class OffsetHistory
{
    private const int Kept = 30;

    private static readonly Duration s_apart = Duration.FromSeconds(1);
    private static readonly Duration s_leastTime = Duration.FromSeconds(5);

    private readonly Queue<(MonoTime At, OffsetInterval Offset)> _offsets = new(Kept + 1);
    private (MonoTime At, OffsetInterval Offset) _last;
    private (double FloorPpm, (double Ppm, MonoTime Since, bool IsSteady)? Drift)? _proven;

    /// <summary>Takes one that is bounded; those that follow within a second are left out.</summary>
    public void Take(MonoTime at, OffsetInterval offset)
    {
        if (_offsets.Count > 0 && at - _last.At < s_apart)
        {
            return;
        }

        (_last, _proven) = ((at, offset), null);
        _offsets.Enqueue(_last);
        if (_offsets.Count > Kept)
        {
            _ = _offsets.Dequeue();
        }
    }

    /// <summary>A clock was set: what was before can't be compared any more.</summary>
    public void Clear()
    {
        _offsets.Clear();
        _proven = null;
    }

    /// <summary>How fast the clocks run apart at least, and since when; and whether, at most, not as fast as would matter. Null where too little is known.</summary>
    /// <param name="floorPpm">From which drift on it matters.</param>
    public (double Ppm, MonoTime Since, bool IsSteady)? Drift(double floorPpm)
    {
        // It is asked several times a second by each judgement, and changes once.
        if (_proven is not { } known || known.FloorPpm != floorPpm)
        {
            _proven = known = (floorPpm, Prove(floorPpm));
        }

        return known.Drift;
    }

    private (double Ppm, MonoTime Since, bool IsSteady)? Prove(double floorPpm)
    {
        (double Ppm, MonoTime Since)? fastest = null;
        var isSteady = false;
        foreach (var before in _offsets)
        {
            var time = _last.At - before.At;
            if (time < s_leastTime)
            {
                break;
            }

            var moved = _last.Offset.Low > before.Offset.High ? _last.Offset.Low - before.Offset.High
                : _last.Offset.High < before.Offset.Low ? _last.Offset.High - before.Offset.Low
                : Duration.Zero;
            var ppm = moved.Nanoseconds * 1e6 / time.Nanoseconds;
            var most = Duration.Max(_last.Offset.High - before.Offset.Low, before.Offset.High - _last.Offset.Low);
            isSteady |= most.Nanoseconds * 1e6 / time.Nanoseconds < floorPpm;
            fastest = fastest is { } found && Math.Abs(found.Ppm) >= Math.Abs(ppm) ? found : (ppm, before.At);
        }

        return fastest is { } proven ? (proven.Ppm, proven.Since, isSteady) : null;
    }
}
