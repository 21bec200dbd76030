using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing.Paths;

/// <summary>The end of a path's second.</summary>
/// <param name="Until">When it ended.</param>
/// <param name="Mtu">What is known of the largest packets that pass.</param>
public readonly record struct PathMoment(MonoTime Until, MtuFigures Mtu);
