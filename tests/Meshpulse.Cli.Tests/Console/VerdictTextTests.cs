using Meshpulse.Agent.Fleet.Json;
using Meshpulse.Cli.Console;
using Meshpulse.Cli.Tests.Golden;
using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Time;

namespace Meshpulse.Cli.Tests.Console;

public sealed class VerdictTextTests
{
    private static readonly WallTime s_since = new(1_800_000_000_312_000_000);

    private static readonly Verdict s_frozen = new("1", VerdictKind.HostFrozen, VerdictPlace.Host("10.0.0.5"), s_since, null, 0.969)
    {
        Evidence =
        [
            new VerdictEvidence("10.0.0.1", "gap from 10.0.0.5", 2_130.4, "ms", 5.04),
            new VerdictEvidence("10.0.0.2", "gap from 10.0.0.5", 2_131, "ms", null),
            new VerdictEvidence("", "receivers", 3, "", null),
            new VerdictEvidence("10.0.0.5", "frozen", 2_100, "ms", 0),
        ],
    };

    [Theory]
    [InlineData(VerdictChangeKind.Begun, "VERDICT host.frozen 10.0.0.5 since TIME, 96 % sure: gap from 10.0.0.5 2,130 ms at 10.0.0.1 (usually 5.04 ms), gap from 10.0.0.5 2,131 ms at 10.0.0.2, receivers 3; SUGGESTION")]
    [InlineData(VerdictChangeKind.Changed, "VERDICT changed: host.frozen 10.0.0.5 since TIME, 96 % sure: gap")]
    [InlineData(VerdictChangeKind.Recurred, "VERDICT again: host.frozen 10.0.0.5 since TIME, 96 % sure: gap")]
    [InlineData(VerdictChangeKind.Ended, "VERDICT ended: host.frozen 10.0.0.5 since TIME, after 2.1 s")]
    public void A_change_is_a_line(VerdictChangeKind kind, string beginning)
    {
        var verdict = kind == VerdictChangeKind.Ended ? s_frozen with { Until = s_since + Duration.FromMilliseconds(2_130) } : s_frozen;
        var time = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_312).ToLocalTime().ToString("HH:mm:ss.fff", System.Globalization.CultureInfo.InvariantCulture);
        var expected = beginning.Replace("TIME", time, StringComparison.Ordinal).Replace("SUGGESTION", s_frozen.Suggestion, StringComparison.Ordinal);
        Assert.StartsWith(expected, VerdictText.Of(new VerdictChange(kind, verdict)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "0.0 s")]
    [InlineData(59_940, "59.9 s")]
    [InlineData(60_000, "1 min 0 s")]
    [InlineData(3_599_000, "59 min 59 s")]
    [InlineData(7_500_000, "2 h 5 min")]
    public void Lengths_are_short(long milliseconds, string expected) => Assert.Equal(expected, VerdictText.Span(Duration.FromMilliseconds(milliseconds)));

    [Fact]
    public void A_diagnosis_has_the_most_important_first()
    {
        var now = s_since + Duration.FromSeconds(90);
        var verdicts = new List<Verdict>
        {
            new("2", VerdictKind.HostLeft, VerdictPlace.Host("10.0.0.9"), s_since, null, 1),
            new("3", VerdictKind.PathFlowLoss, VerdictPlace.OfFlows("10.0.0.1", "10.0.0.5", [40_001, 40_002]), s_since, null, 0.8),
            s_frozen,
            new("4", VerdictKind.DatacenterPath, VerdictPlace.Datacenters("fra", "ber"), s_since, null, 0.9),
            new("5", VerdictKind.PathLoss, VerdictPlace.Path("a\u001b[2J", "b"), s_since, s_since + Duration.FromSeconds(30), 0.5) { Recurrences = 1 },
            new("6", VerdictKind.PathLoss, VerdictPlace.Pair("a", "b"), s_since, s_since + Duration.FromSeconds(40), 0.5) { Recurrences = 4 },
        };
        Assert.Equal(GoldenFile.Read("diagnose.txt"), DiagnosisText.Of(VerdictDocument.Of("10.0.0.1", now, verdicts)));
    }

    [Fact]
    public void What_a_newer_node_says_is_shown_as_far_as_it_is_known()
    {
        var entry = new VerdictEntry("1", "host.on_fire", new VerdictWhere("rack"), s_since, null, 1, [], "call the fire brigade", s_since, 0);
        Assert.Contains("\nhost.on_fire rack\n", DiagnosisText.Of(new VerdictDocument(1, "a", s_since, [entry])), StringComparison.Ordinal);
    }
}
