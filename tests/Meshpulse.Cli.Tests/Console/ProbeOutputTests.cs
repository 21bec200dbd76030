using System.Text.Json;
using Meshpulse.Agent.Sounding;
using Meshpulse.Cli.Console;
using Meshpulse.Cli.Tests.Golden;
using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Cli.Tests.Console;

public sealed class ProbeOutputTests
{
    [Fact]
    public void Json_has_the_members_that_scripts_read()
    {
        Assert.Equal(GoldenFile.Read("probe-json.txt"), ProbeJson.Format(Full()));

        using var full = JsonDocument.Parse(ProbeJson.Format(Full()));
        using var empty = JsonDocument.Parse(ProbeJson.Format(Empty()));
        Assert.Equal(Shape(full.RootElement), Shape(empty.RootElement));
        Assert.All(
            (string[])["rtt_ms", "forward_ms", "backward_ms", "offset_ms"],
            name => Assert.All(empty.RootElement.GetProperty(name).EnumerateObject(), m => Assert.Equal(JsonValueKind.Null, m.Value.ValueKind)));
    }

    [Fact]
    public void Text_tells_directions_clocks_and_dead_flows() => Assert.Equal(GoldenFile.Read("probe-text.txt"), ProbeText.Format(Full()));

    [Fact]
    public void Text_says_that_nothing_came() =>
        Assert.Equal(
            "192.0.2.7:862, stamp, 44 bytes, 1 flow\nsent 3, answered 0, lost 3 (100 %: 3 direction unknown)\nno answer; the last that was heard is: Connection refused\n",
            ProbeText.Format(Empty()));

    [Fact]
    public void Text_says_what_the_target_told_by_tlvs() => Assert.Equal(GoldenFile.Read("probe-text-tlvs.txt"), ProbeText.Format(Told()));

    [Fact]
    public void Json_says_what_the_target_told_by_tlvs()
    {
        Assert.Equal(GoldenFile.Read("probe-json-tlvs.txt"), ProbeJson.Format(Told()));

        using var told = JsonDocument.Parse(ProbeJson.Format(Told()));
        using var empty = JsonDocument.Parse(ProbeJson.Format(Empty()));
        Assert.Equal(Shape(told.RootElement), Shape(empty.RootElement));
        Assert.Equal(Shape(told.RootElement.GetProperty("tlvs")), Shape(empty.RootElement.GetProperty("tlvs")));
    }

    [Fact]
    public void Text_says_plainly_that_all_is_as_it_is_here()
    {
        var flow = Told().Flows[1];
        var text = ProbeText.Format(Told() with { Flows = [flow], Tlvs = default(SoundingTlvs) with { Asked = StampTlvSet.Location } });
        Assert.Contains("location: the target sees us as 192.168.1.5:40002, as we are\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("translated", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_says_what_was_asked_and_not_told()
    {
        var text = ProbeText.Format(Full() with { Tlvs = default(SoundingTlvs) with { Asked = StampTlvSet.Optional } });
        Assert.Contains(
            "location: the target tells nothing of it\n"
            + "time: the target tells nothing of its clock\n"
            + "direct measurement: the target keeps no counters\n"
            + "access report: a non-3GPP access is up; the target did not give it back\n",
            text,
            StringComparison.Ordinal);

        text = ProbeText.Format(Full() with { Tlvs = default(SoundingTlvs) with { Asked = StampTlvSet.Optional, Unrecognised = StampTlvSet.Optional } });
        Assert.Contains("not understood by the target: location, timestamp, direct, access\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("tells nothing", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Progress_stays_in_one_line()
    {
        Assert.Equal(ProbeText.EraseLine + "192.0.2.7:862: 64 sent, 54 answered, lost 9 ", ProbeText.Progress(Full(), 45));
        Assert.DoesNotContain('\n', ProbeText.Progress(Full(), 300));
    }

    private static IEnumerable<string> Shape(JsonElement json) => json.EnumerateObject().Select(m => m.Name);

    private static SoundingResult Full() => Empty() with
    {
        Counts = new SoundingCounts(64, 54, 1, 7, 1, 1, 2, 3),
        Unsent = 4,
        RoundTrip = new SoundingDelays(25.1, 25.5, 25.4, 26, 27.25, 27.5, 28),
        Forward = new SoundingDelays(5.1, 5.5, 5.4, 6, 7, 7.5, 8),
        Backward = new SoundingDelays(20, 20, 20, 20, 20.25, 20.25, 20.25),
        Offset = new OffsetInterval(Duration.FromMicroseconds(-20_000), Duration.FromMicroseconds(5_100)),
        TargetSynchronised = true,
        Stamps = new SoundingStamps(53, 1, 54, 0, 51),
        LastError = null,
        Flows =
        [
            new SoundingFlow(40_001, new SoundingCounts(32, 31, 1, 0, 0, 0, 1, 3)),
            new SoundingFlow(40_002, new SoundingCounts(25, 23, 0, 0, 1, 1, 1, 0)),
            new SoundingFlow(40_003, new SoundingCounts(7, 0, 0, 7, 0, 0, 0, 0)),
        ],
    };

    private static SoundingResult Told() => Full() with
    {
        Tlvs = new SoundingTlvs(
            StampTlvSet.Optional | StampTlvSet.ClassOfService | StampTlvSet.FollowUpTelemetry,
            StampTlvSet.AccessReport,
            new StampTimestampInformation(
                StampSyncSource.Ptp, StampTimestampMethod.HardwareAssist, StampSyncSource.None, StampTimestampMethod.SoftwareLocal),
            null),
        CodePoints = new SoundingCodePoints(46, 0, 12),
        Flows =
        [
            Full().Flows[0] with
            {
                Local = Endpoint("192.168.1.5:40001"),
                Location = new StampLocation(Endpoint("10.0.0.7:862"), Endpoint("203.0.113.9:61001")),
                Direct = new SoundingDirect(32, 32, 31, 0, 0),
            },
            Full().Flows[1] with
            {
                Local = Endpoint("192.168.1.5:40002"),
                Location = new StampLocation(Endpoint("192.0.2.7:862"), Endpoint("192.168.1.5:40002")),
                Direct = new SoundingDirect(24, 24, 23, 0, 1),
            },
            Full().Flows[2],
        ],
    };

    private static NodeEndpoint Endpoint(string text) => NodeEndpoint.TryParse(text, out var endpoint) ? endpoint : throw new ArgumentException(text, nameof(text));

    private static SoundingResult Empty() => new()
    {
        Target = NodeEndpoint.TryParse("192.0.2.7:862", out var target) ? target : default,
        Protocol = SoundingProtocol.Stamp,
        Size = 44,
        Counts = new SoundingCounts(3, 0, 0, 0, 0, 3, 0, 0),
        Unsent = 0,
        RoundTrip = null,
        Forward = null,
        Backward = null,
        Offset = OffsetInterval.Unknown,
        ClockSteps = 0,
        TargetSynchronised = null,
        KnowsSessionIds = null,
        Restarts = 0,
        Refused = 0,
        Stamps = default,
        LastError = "Connection refused",
        Flows = [new SoundingFlow(40_001, new SoundingCounts(3, 0, 0, 0, 0, 3, 0, 0))],
    };
}
