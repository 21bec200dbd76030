using Meshpulse.Core.Time;

namespace Meshpulse.Core.Vitals;

/// <summary>One thread of ours; the figures are since it began, and null where the kernel does not tell.</summary>
/// <param name="Tid">Its number, which another thread may get when it has ended.</param>
/// <param name="RunQueueDelay">For how long it was ready and waited for a CPU.</param>
/// <param name="InvoluntarySwitches">How often it was taken off a CPU against its will.</param>
public readonly record struct ThreadReading(int Tid, Duration? RunQueueDelay, long? InvoluntarySwitches);
