using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing;

/// <summary>One heartbeat as it was received.</summary>
/// <param name="Interval">Time since the heartbeat before it on the same connection; null for the first.</param>
/// <param name="Delta">Receipt minus the sender's stamp, by two wall clocks: their offset and any step are in it. Signed.</param>
/// <param name="Quality">How its moment of arrival is known.</param>
public readonly record struct HeartbeatArrival(Duration? Interval, Duration Delta, ArrivalQuality Quality)
{
    /// <summary>When it came.</summary>
    public MonoTime At { get; init; }
}
