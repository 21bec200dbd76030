namespace Meshpulse.Agent.Analysis;

/// <summary>What became of the analyses since the start.</summary>
/// <param name="Running">Those that run now.</param>
/// <param name="Started">All that were started.</param>
/// <param name="Failed">Those that could not be started, were ended, or returned anything but 0.</param>
public readonly record struct AnalysisCounts(int Running, long Started, long Failed);
