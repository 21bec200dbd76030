using Meshpulse.Core.Time;

namespace Meshpulse.Core.Checks;

/// <summary>What the checks of one server saw within a window: an immutable value.</summary>
/// <param name="At">When it was made.</param>
/// <param name="Window">How long the window is.</param>
/// <param name="Pairs">The pairs in the file's order.</param>
/// <param name="Datacenters">Their sums.</param>
/// <param name="IsMaintenance">Whether this is maintenance.</param>
public sealed record CheckReport(
    WallTime At, Duration Window, IReadOnlyList<ProbeReport> Pairs, IReadOnlyList<DatacenterReport> Datacenters, bool IsMaintenance);
