using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Paths;

/// <summary>One thing that the probing thread learned of a path. Which fields mean something depends on the kind.</summary>
/// <param name="Kind">What.</param>
/// <param name="Path">The path's number.</param>
internal readonly record struct PathSample(PathSampleKind Kind, int Path)
{
    public PathExchange Exchange { get; init; }

    public FlowTotals Totals { get; init; }

    public SocketGap Gap { get; init; }

    public PathMoment Moment { get; init; }

    /// <summary>For what is proven or doubted, when.</summary>
    public MonoTime At { get; init; }
}
