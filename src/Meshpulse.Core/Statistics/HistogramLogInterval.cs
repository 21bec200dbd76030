using Meshpulse.Core.Time;

namespace Meshpulse.Core.Statistics;

/// <summary>One interval line of a histogram log.</summary>
/// <param name="Tag">What the line is tagged with; null where it is not.</param>
/// <param name="Start">When the interval began, with the log's base time added; whole milliseconds in most files.</param>
/// <param name="Length">How long it lasted, as written: a wall-clock difference, which a step can turn negative.</param>
/// <param name="Maximum">The interval's largest value as written, in whatever unit the writer chose.</param>
/// <param name="Histogram">The values.</param>
public sealed record HistogramLogInterval(string? Tag, WallTime Start, Duration Length, double Maximum, HdrHistogram Histogram);
