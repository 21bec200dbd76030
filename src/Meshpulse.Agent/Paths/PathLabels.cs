using Meshpulse.Agent.Export;

namespace Meshpulse.Agent.Paths;

/// <summary>What a path is called.</summary>
/// <param name="Source">Its beginning, as people know it.</param>
/// <param name="Target">Its end.</param>
/// <param name="Labels">The labels of its series.</param>
internal sealed record PathLabels(string Source, string Target, IReadOnlyList<Label> Labels)
{
    /// <summary><c>web1 -> db1</c>.</summary>
    public override string ToString() => $"{Source} -> {Target}";
}
