using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Rules;

/// <summary>What was lost in a direction in a time.</summary>
/// <param name="Lost">Packets.</param>
/// <param name="Sent">Of how many.</param>
/// <param name="Slices">In how many slices some were lost.</param>
/// <param name="First">When the first of those began.</param>
/// <param name="Last">When the last of them ended.</param>
internal readonly record struct LossTally(long Lost, long Sent, int Slices, MonoTime First, MonoTime Last);
