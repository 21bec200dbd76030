using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Views;

/// <summary>
/// What a figure is when all is well, learned as one goes: it follows what is near it within seconds, and what is far from it, which may be the very
/// thing to be noticed, only over minutes. A mutable value.
/// </summary>
internal struct Baseline
{
    private const int Learning = 8;
    private const double Near = 0.1;
    private const double Far = 0.0005;

    private int _count;

    /// <summary>The usual value, in nanoseconds.</summary>
    public double Level { get; private set; }

    /// <summary>By how much it is usually off.</summary>
    public double Spread { get; private set; }

    /// <summary>Whether enough was seen to compare with.</summary>
    public readonly bool IsKnown => _count >= Learning;

    /// <summary>Takes a value.</summary>
    public void Take(Duration value)
    {
        double x = value.Nanoseconds;
        _count = Math.Min(_count + 1, int.MaxValue - 1);
        if (_count <= Learning)
        {
            Level += (x - Level) / _count;
            Spread += (Math.Abs(x - Level) - Spread) / _count;
            return;
        }

        var distance = Math.Abs(x - Level);
        // Shorter than usual is never trouble, and what is shorter is nearer to the truth.
        var weight = x < Level || distance <= Math.Max(4 * Spread, 100_000) ? Near : Far;
        Level += weight * (x - Level);
        Spread += weight * (distance - Spread);
    }

    /// <summary>By how much a value is above what is usual; zero while nothing is known.</summary>
    public readonly Duration Excess(Duration value) => IsKnown ? new Duration((long)(value.Nanoseconds - Level)) : Duration.Zero;

    /// <summary>Whether a value is far above what is usual.</summary>
    /// <param name="value">The value.</param>
    /// <param name="floor">The least excess that matters.</param>
    public readonly bool IsExceeded(Duration value, Duration floor)
    {
        var excess = Excess(value).Nanoseconds;
        return excess >= floor.Nanoseconds && excess >= Level / 2 && excess >= 5 * Spread;
    }

    /// <summary>The usual value.</summary>
    public readonly Duration Usual => new((long)Level);
}
