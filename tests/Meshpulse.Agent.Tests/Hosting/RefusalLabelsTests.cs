using System.Text.RegularExpressions;
using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Membership;

namespace Meshpulse.Agent.Tests.Hosting;

public sealed partial class RefusalLabelsTests
{
    [Fact]
    public void Every_reason_has_a_label_of_its_own()
    {
        var labels = Enum.GetValues<RefusalReason>().Select(RefusalLabels.Of).ToList();
        Assert.Equal(labels.Count, labels.Distinct().Count());
        Assert.Equal("none", labels[0]);
        Assert.All(labels, label => Assert.Matches(SnakeCase(), label));
    }

    /// <summary>Dashboards rest on these: a label is the reason's name in snake case, and changes with it only.</summary>
    [Fact]
    public void A_label_is_the_reasons_name()
    {
        foreach (var reason in Enum.GetValues<RefusalReason>())
        {
            Assert.Equal(reason.ToString(), RefusalLabels.Of(reason).Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
        }
    }

    [GeneratedRegex("^[a-z]+(_[a-z]+)*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex SnakeCase();
}
