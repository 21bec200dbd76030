using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing.Paths;

/// <summary>The end of a path's window.</summary>
/// <param name="Until">When it ended.</param>
/// <param name="Mtu">What is known of the largest packets that pass.</param>
public readonly record struct PathMoment(MonoTime Until, MtuFigures Mtu)
{
    /// <summary>
    /// When the first of the probes was sent that no answer has come after; null where one came after the last. The moment of the last answer would
    /// not do: while we send nothing ourselves, after a stall of ours, nothing is answered either, and that is nobody's silence.
    /// </summary>
    public MonoTime? SilentSince { get; init; }

    /// <summary>For how long probes have gone unanswered at the window's end.</summary>
    public Duration Silence => SilentSince is { } since ? Duration.Max(Duration.Zero, Until - since) : Duration.Zero;
}
