using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing;

/// <summary>
/// Where the grids of many probes begin. A thousand probes at one moment would wait for one another and measure that. The obvious
/// offsets, n/N of the interval, would all change with each probe that comes or goes; random ones bunch. What we do: the n-th probe gets
/// the fractional part of n times the golden ratio, which is nearly even for any N and never changes. Offsets are whole half milliseconds, so
/// that a wake-up, which costs as much as two probes, serves many.
/// </summary>
/// <param name="first">The first offset, as a part of the interval, from 0 to below 1.</param>
public sealed class GridSpread(double first)
{
    private const double GoldenRatio = 0.618_033_988_749_894_9;

    private static readonly Duration s_slot = Duration.FromMicroseconds(500);
    private static readonly Duration s_longestSpread = Duration.FromSeconds(1);

    private double _offset = first;

    /// <summary>The first grid point of the next probe.</summary>
    /// <param name="earliest">Not before; probes that come one after the other share their half milliseconds.</param>
    /// <param name="interval">Its interval; of a longer one than a second the first second is used: nobody waits an hour for a first figure.</param>
    public MonoTime Next(MonoTime earliest, Duration interval)
    {
        _offset += GoldenRatio;
        _offset -= Math.Floor(_offset);
        var spread = Duration.Min(interval, s_longestSpread);
        var slots = spread.Nanoseconds / s_slot.Nanoseconds;
        var offset = slots > 1 ? s_slot * (long)(_offset * slots) : new Duration((long)(_offset * spread.Nanoseconds));
        return new MonoTime((earliest.Nanoseconds / s_slot.Nanoseconds * s_slot.Nanoseconds) + s_slot.Nanoseconds) + offset;
    }
}
