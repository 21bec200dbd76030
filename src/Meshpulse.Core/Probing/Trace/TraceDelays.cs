using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing.Trace;

/// <summary>The delays of answers that came in time: from the send to the answer's arrival.</summary>
/// <param name="Count">How many there are, 1 or more.</param>
/// <param name="Best">The shortest.</param>
/// <param name="Sum">All together.</param>
/// <param name="Worst">The longest.</param>
/// <param name="Last">That of the probe answered last.</param>
/// <param name="LastAt">When that answer came.</param>
public sealed record TraceDelays(long Count, Duration Best, Duration Sum, Duration Worst, Duration Last, MonoTime LastAt)
{
    /// <summary>The mean.</summary>
    public Duration Mean => Sum / Count;

    /// <summary>Both together; either may be null, for none.</summary>
    public static TraceDelays? Join(TraceDelays? a, TraceDelays? b)
    {
        if (a is null || b is null)
        {
            return a ?? b;
        }

        var newer = a.LastAt > b.LastAt ? a : b;
        return new TraceDelays(a.Count + b.Count, Duration.Min(a.Best, b.Best), a.Sum + b.Sum, Duration.Max(a.Worst, b.Worst), newer.Last, newer.LastAt);
    }
}
