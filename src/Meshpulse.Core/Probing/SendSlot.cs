using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing;

/// <summary>One heartbeat that is due.</summary>
/// <param name="Intended">The grid point that it belongs to.</param>
/// <param name="Lateness">How long after it the sender came, zero or more and less than the interval.</param>
/// <param name="Skipped">How many grid points passed with nobody there to send; they are unsent, not lost.</param>
/// <param name="SinceLast">The time since the sender was here before; null the first time.</param>
public readonly record struct SendSlot(MonoTime Intended, Duration Lateness, long Skipped, Duration? SinceLast);
