using Meshpulse.Core.Diagnosis.Views;

namespace Meshpulse.Core.Diagnosis.Rules;

/// <summary>What one end knows of the delay in one direction.</summary>
/// <param name="Slices">The last ones, oldest first.</param>
/// <param name="Usual">What the median usually is.</param>
/// <param name="Spread">How far the slowest is usually behind the fastest.</param>
/// <param name="Witness">The end.</param>
internal readonly record struct DirectionDelays(List<SlicedDelay> Slices, Baseline Usual, Baseline Spread, string Witness);
