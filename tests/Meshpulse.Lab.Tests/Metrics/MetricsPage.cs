using System.Globalization;
using System.Text.RegularExpressions;

namespace Meshpulse.Lab.Metrics;

/// <summary>One answer to <c>GET /metrics</c> in Prometheus text.</summary>
internal sealed partial class MetricsPage(string text)
{
    private readonly List<(string Name, Dictionary<string, string> Labels, double Value)> _samples =
        [.. text.Split('\n').Select(line => SampleLine().Match(line)).Where(match => match.Success).Select(Read)];

    /// <summary>The page as it came.</summary>
    public string Text { get; } = text;

    /// <summary>The only sample of a name and, where given, of a label's value; NaN where there is none.</summary>
    public double Value(string name, string? label = null, string? value = null)
    {
        var found = _samples.Where(s => s.Name == name && (label is null || s.Labels.GetValueOrDefault(label) == value)).ToList();
        Assert.True(found.Count <= 1, $"{found.Count} samples {name} {label}={value}");
        return found is [var sample] ? sample.Value : double.NaN;
    }

    /// <summary>The only sample of a name that has all these labels; NaN where there is none.</summary>
    public double Find(string name, params (string Label, string Value)[] labels)
    {
        var found = _samples.Where(s => s.Name == name && labels.All(l => s.Labels.GetValueOrDefault(l.Label) == l.Value)).ToList();
        Assert.True(found.Count <= 1, $"{found.Count} samples {name} {string.Join(", ", labels)}");
        return found is [var sample] ? sample.Value : double.NaN;
    }

    /// <summary>All samples of a name.</summary>
    public IEnumerable<(IReadOnlyDictionary<string, string> Labels, double Value)> All(string name) =>
        _samples.Where(s => s.Name == name).Select(s => ((IReadOnlyDictionary<string, string>)s.Labels, s.Value));

    /// <summary>The values that a label has in all samples of a name, sorted.</summary>
    public IReadOnlyList<string> Labels(string name, string label) =>
        [.. _samples.Where(s => s.Name == name && s.Labels.ContainsKey(label)).Select(s => s.Labels[label]).Order(StringComparer.Ordinal)];

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>.*)\})? (?<value>\S+)$""", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex SampleLine();

    [GeneratedRegex("""(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>[^"]*)",?""", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex LabelPair();

    private static (string Name, Dictionary<string, string> Labels, double Value) Read(Match match) => (
        match.Groups["name"].Value,
        LabelPair().Matches(match.Groups["labels"].Value).ToDictionary(m => m.Groups["name"].Value, m => m.Groups["value"].Value, StringComparer.Ordinal),
        match.Groups["value"].Value switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            var number => double.Parse(number, CultureInfo.InvariantCulture),
        });
}
