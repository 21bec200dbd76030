using Meshpulse.Core.Time;

namespace Meshpulse.Core.Statistics;

/// <summary>A clock stepped.</summary>
/// <param name="Side">Whose.</param>
/// <param name="OffsetChange">By how much the offset (other less ours) changed; an estimate, off by the queues of the moment.</param>
/// <param name="Noticed">When it was noticed; the step itself lies up to two seconds of samples before.</param>
public readonly record struct ClockStep(ClockSide Side, Duration OffsetChange, MonoTime Noticed);
