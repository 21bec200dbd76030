namespace Meshpulse.Bench.Busy;

/// <summary>One run's round trips in microseconds.</summary>
/// <param name="Answered">How many there were.</param>
/// <param name="P50">The median.</param>
/// <param name="P99">What 99 of 100 kept within.</param>
internal sealed record RoundTrips(long Answered, double P50, double P99)
{
    /// <summary>What the tool says of its stamps; empty for those that have none.</summary>
    public string Stamps { get; init; } = "";

    /// <summary>Of single ones, the percentiles by nearest rank.</summary>
    public static RoundTrips Of(IEnumerable<double> microseconds)
    {
        var sorted = microseconds.Order().ToArray();
        double At(double part) => sorted.Length == 0 ? double.NaN : sorted[Math.Max(0, (int)Math.Ceiling(part * sorted.Length) - 1)];
        return new RoundTrips(sorted.Length, At(0.5), At(0.99));
    }
}
