namespace Meshpulse.Cli.Console;

/// <summary>The five cells of one measurement, in milliseconds; null where there is no data, which is never shown as zero.</summary>
/// <param name="Max">The highest value.</param>
/// <param name="Mean">The mean.</param>
/// <param name="P99">The 99th percentile.</param>
/// <param name="P999">The 99.9th percentile.</param>
/// <param name="P9999">The 99.99th percentile.</param>
public readonly record struct CellGroup(double? Max, double? Mean, double? P99, double? P999, double? P9999)
{
    /// <summary>No data at all.</summary>
    public static CellGroup Empty => default;
}
