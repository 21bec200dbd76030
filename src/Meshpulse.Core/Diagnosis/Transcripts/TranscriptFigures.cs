namespace Meshpulse.Core.Diagnosis.Transcripts;

/// <summary>One group of cells of meshmonitor's table, in milliseconds; a cell without data is null.</summary>
/// <param name="Max">The largest.</param>
/// <param name="Mean">The mean.</param>
/// <param name="P99">The 99th percentile.</param>
/// <param name="P999">The 99.9th.</param>
/// <param name="P9999">The 99.99th.</param>
public readonly record struct TranscriptFigures(double? Max, double? Mean, double? P99, double? P999, double? P9999);
