using Meshpulse.Agent.Export;
using Meshpulse.Agent.History;

namespace Meshpulse.Agent.Paths;

/// <summary>What a path is called.</summary>
/// <param name="Source">Its beginning, as people know it.</param>
/// <param name="Target">Its end.</param>
/// <param name="Labels">The labels of its series.</param>
internal sealed record PathLabels(string Source, string Target, IReadOnlyList<Label> Labels)
{
    /// <summary>What its series in the history is called; null for as these labels say.</summary>
    public SeriesName? Stored { get; init; }

    /// <summary><c>web1 -> db1</c>.</summary>
    public override string ToString() => $"{Source} -> {Target}";
}
