using System.Text.RegularExpressions;
using Meshpulse.Agent.Tests.Deploy;

namespace Meshpulse.Agent.Tests.Hosting;

/// <summary>docs/metrics.md says of each family which type it has. That it has every family, and none besides, is tested in <see cref="MetricsDocumentTests"/>.</summary>
public sealed partial class MetricsTableTests(ServedFamilies served) : IClassFixture<ServedFamilies>
{
    [Fact]
    public async Task The_document_gives_each_family_the_type_that_it_is_served_with()
    {
        var document = await File.ReadAllTextAsync(Path.Combine(DeployFiles.Folder, "..", "docs", "metrics.md"));
        var told = Row().Matches(document).Select(m => (m.Groups["name"].Value, m.Groups["type"].Value)).ToList();
        Assert.True(told.Count > 100, $"{told.Count} rows");
        Assert.Equal(told.Select(t => t.Item1).Distinct(), told.Select(t => t.Item1));
        Assert.DoesNotContain(told, t => served.Types.TryGetValue(t.Item1, out var type) && type != t.Item2);
    }

    [GeneratedRegex("^[|] `(?<name>[a-z_]+)` [|] (?<type>[a-z]+) [|]", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Row();
}
