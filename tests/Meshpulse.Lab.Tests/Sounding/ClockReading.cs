using Meshpulse.Core.Time;

namespace Meshpulse.Lab.Sounding;

/// <summary>A look of a <see cref="ClockedReflector"/> at its clock.</summary>
/// <param name="Now">When.</param>
/// <param name="Number">For which request, from 0.</param>
/// <param name="IsSending">For its T3; else for its T2.</param>
internal readonly record struct ClockReading(MonoTime Now, long Number, bool IsSending);
