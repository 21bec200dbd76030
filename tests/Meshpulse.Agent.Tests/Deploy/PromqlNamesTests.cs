namespace Meshpulse.Agent.Tests.Deploy;

/// <summary>The reader sees what there is to see; else the tests that stand on it could not fail.</summary>
public sealed class PromqlNamesTests
{
    [Fact]
    public void Names_of_series_labels_and_values_are_told_from_functions_and_words()
    {
        var names = PromqlNames.Read("""
            topk(10, histogram_quantile(0.99, sum by (le, job) (rate(a_seconds_bucket{x="1", y=~"p|q}"}[5m] offset 1h)))) > bool 0.5
            unless on (z) label_replace(b:c:rate5m, "made", "$1", "old", "(.+)") and ignoring (w) group_left () count without (v) ({__name__=~"d|e", u!=""})
            """);
        Assert.Equal(["a_seconds_bucket", "b:c:rate5m", "d", "e"], names.Selectors.Select(s => s.Name));
        Assert.Equal([("x", "=", "1"), ("y", "=~", "p|q}")], names.Selectors[0].Matchers);
        Assert.Equal([("u", "!=", "")], names.Selectors[3].Matchers);
        Assert.Equal(["job", "le", "old", "v", "w", "z"], names.Labels.Order(StringComparer.Ordinal));
        Assert.Equal(["made"], names.Made);
    }
}
