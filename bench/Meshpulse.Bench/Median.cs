namespace Meshpulse.Bench;

/// <summary>The middle of a few measurements: a neighbour on the machine spoils some of them, not all.</summary>
internal static class Median
{
    /// <summary>NaN of none.</summary>
    public static double Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0)
        {
            return double.NaN;
        }

        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
