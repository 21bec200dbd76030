using System.Globalization;

namespace Meshpulse.Bench.Ping;

/// <summary>A page of metrics as an agent gave it.</summary>
internal sealed class MetricsPage(string text)
{
    private readonly string[] _lines = text.Split('\n');

    /// <summary>Bytes of the page, which is ASCII but for its labels.</summary>
    public int Length => text.Length;

    /// <summary>The sum over a family's series; 0 where there is none.</summary>
    /// <param name="name">As it stands on the page, <c>_total</c> included.</param>
    /// <param name="label">A label that the series must have, as in <c>reason="late"</c>; empty for any.</param>
    public double Sum(string name, string label = "") => _lines
        .Where(l => l.StartsWith(name, StringComparison.Ordinal) && l.Length > name.Length && l[name.Length] is ' ' or '{')
        .Where(l => l.Contains(label, StringComparison.Ordinal))
        .Sum(l => double.Parse(l.AsSpan(l.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture));
}
