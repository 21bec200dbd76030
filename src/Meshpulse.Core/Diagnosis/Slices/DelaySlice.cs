using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Slices;

/// <summary>A delay in one slice.</summary>
/// <param name="Count">Of how many packets.</param>
/// <param name="Min">The shortest.</param>
/// <param name="Median">Half were not longer.</param>
/// <param name="P99">Of a hundred one was longer.</param>
/// <param name="Max">The longest.</param>
public readonly record struct DelaySlice(long Count, Duration Min, Duration Median, Duration P99, Duration Max);
