namespace Meshpulse.Core.Statistics;

/// <summary>What is known of the largest IP packets that pass a path there and back, in bytes.</summary>
/// <param name="Passing">The largest that came back; null where none has, or nobody tries.</param>
/// <param name="Failing">The smallest that was given up while smaller ones came back; null where there is none.</param>
public readonly record struct MtuFigures(int? Passing, int? Failing);
