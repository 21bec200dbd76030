using Meshpulse.Core.Time;

namespace Meshpulse.Core.Statistics;

/// <summary>
/// The shortest round trip of the last ten minutes, in steps of one: what the path takes without queues. Longer than a busy spell, and
/// short enough that a new path becomes the normal one.
/// </summary>
public sealed class QueueFreeMinimum
{
    private readonly MinimumRing _ring = new(Duration.FromSeconds(60), 10, 0);

    /// <summary>A round trip.</summary>
    public void Add(MonoTime at, Duration roundTrip) => _ring.Add(at, roundTrip);

    /// <summary>The shortest; null where there was none.</summary>
    public Duration? Read(MonoTime now) => _ring.Read(now) is var least && least < Duration.MaxValue ? least : null;
}
