using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Rules;

/// <summary>The delay of one slice.</summary>
/// <param name="At">The slice's end.</param>
/// <param name="Delay">The delay.</param>
/// <param name="Bound">By how much the clocks may be apart from what is believed of them.</param>
internal readonly record struct SlicedDelay(MonoTime At, DelaySlice Delay, Duration Bound);
