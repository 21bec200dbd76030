using Meshpulse.Core.Config;
using Meshpulse.Core.Statistics;

namespace Meshpulse.Core.Checks;

/// <summary>One pair's line of a report.</summary>
/// <param name="Probe">Who probes whom, and how.</param>
/// <param name="Address">The address in use, without port; a host name that has none yet stands for itself.</param>
/// <param name="Window">What was decided within the report's window.</param>
/// <param name="Totals">The same and more since the pair is probed.</param>
/// <param name="Http">The latest fetch; null for other kinds, and before the first.</param>
/// <param name="Path">What STAMP tells; null for other kinds.</param>
public sealed record ProbeReport(
    ProbeDefinition Probe, string Address, WindowSums Window, ProbeTotals Totals, HttpFigures? Http, PathFigures? Path = null);
