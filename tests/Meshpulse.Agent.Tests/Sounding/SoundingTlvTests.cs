using System.Net;
using Meshpulse.Agent.Sounding;
using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Probing.StampReflector;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Sockets;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Agent.Tests.Sounding;

/// <summary>What a sounding asks beyond the packets themselves, and with which code point it asks.</summary>
public sealed class SoundingTlvTests
{
    private static readonly StampKeyRing s_keys = Ring("00112233");
    private static readonly StampTimestampInformation s_time =
        new(StampSyncSource.Gnss, StampTimestampMethod.HardwareAssist, StampSyncSource.Gnss, StampTimestampMethod.SoftwareLocal);

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task All_that_is_asked_is_told(bool authenticated, bool portable)
    {
        using var reflector = new TestReflector(() => Responder(authenticated)).Start();
        var result = await RunAsync(Options(reflector, authenticated) with { Flows = 3, Portable = portable });

        Assert.Equal((authenticated ? 240 : 152, 30L), (result.Size, result.Counts.Answered));
        Assert.Equal(
            new SoundingTlvs(StampTlvSet.Optional | StampTlvSet.FollowUpTelemetry | StampTlvSet.ClassOfService, default, s_time, StampForm.AccessReport),
            result.Tlvs);
        Assert.All(result.Flows, flow =>
        {
            Assert.Equal(new StampLocation(reflector.Endpoint, NodeEndpoint.From(IPAddress.Loopback, flow.SourcePort)), flow.Location);
            Assert.Equal((false, false), (flow.IsSourceTranslated, flow.IsTargetTranslated(reflector.Endpoint)));
            Assert.Equal(new SoundingDirect(10, 10, 9, 0, 0), flow.Direct);
        });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Counters_find_the_losses_that_numbers_find(bool authenticated)
    {
        // Of flow 0 the numbers 2, 3 and 4 are lost forward, of flow 1 2 and 3 backward.
        using var reflector = new TestReflector(() => Responder(authenticated))
        {
            Script = n => n is 4 or 6 or 8 ? Fate.LoseForward : n is 5 or 7 ? Fate.LoseBackward : n is 21 ? Fate.AnswerTwice : Fate.Answer,
        }.Start();
        var result = await RunAsync(Options(reflector, authenticated) with { Flows = 2 });

        Assert.Equal(new SoundingDirect(15, 12, 11, 3, 0), result.Flows[0].Direct);
        Assert.Equal(new SoundingDirect(15, 15, 14, 0, 2), result.Flows[1].Direct);
        Assert.All(result.Flows, f => Assert.Equal((f.Counts.LostForward, f.Counts.LostBackward), (f.Direct?.LostForward, f.Direct?.LostBackward)));
    }

    [Fact]
    public async Task Counters_that_begin_anew_lose_nothing()
    {
        using var reflector = new TestReflector(() => Responder(authenticated: false))
        {
            Script = n => n == 15 ? Fate.RestartAndAnswer : n == 20 ? Fate.LoseForward : Fate.Answer,
        }.Start();
        var result = await RunAsync(Options(reflector, authenticated: false));

        Assert.Equal(new SoundingDirect(30, 14, 13, 1, 0), result.Flows[0].Direct);
    }

    [Fact]
    public async Task Translated_addresses_are_noticed()
    {
        var outside = NodeEndpoint.From(IPAddress.Parse("203.0.113.9"), 61_001);
        using var reflector = new TestReflector(() => Responder(authenticated: false)) { Translate = _ => outside }.Start();
        var flow = Assert.Single((await RunAsync(Options(reflector, authenticated: false))).Flows);

        Assert.Equal(outside, flow.Location?.Source);
        Assert.Equal((true, false), (flow.IsSourceTranslated, flow.IsTargetTranslated(reflector.Endpoint)));
        Assert.Equal(true, flow.IsTargetTranslated(reflector.Endpoint.WithPort(9)));
    }

    [Fact]
    public async Task What_is_not_understood_is_named_and_nothing_else_told()
    {
        using var reflector = new TestReflector(() => new StampResponder(new StampResponderOptions { ProcessTlvs = false }, 1)).Start();
        var result = await RunAsync(Options(reflector, authenticated: false));

        Assert.Equal(30, result.Counts.Answered);
        Assert.Equal(result.Tlvs.Asked, result.Tlvs.Unrecognised);
        Assert.Equal((null, null), (result.Tlvs.Time, result.Tlvs.Access));
        Assert.Equal((null, null, null), (result.Flows[0].Location, result.Flows[0].Direct, result.Flows[0].IsSourceTranslated));
    }

    [Fact]
    public async Task A_code_point_that_changed_on_the_way_is_told()
    {
        using var reflector = new TestReflector(() => Responder(authenticated: false)) { TrafficClass = 8 << 2, Script = n => n == 3 ? Fate.AnswerTwice : Fate.Answer }.Start();
        var options = Options(reflector, authenticated: false);
        Assert.Equal(new SoundingCodePoints(46, 8, 30), (await RunAsync(options with { Dscp = 46 })).CodePoints);
        Assert.Equal(new SoundingCodePoints(8, 8, 0), (await RunAsync(options with { Dscp = 8 })).CodePoints);
        Assert.Equal(new SoundingCodePoints(8, null, 0), (await RunAsync(options with { Dscp = 8, Size = 44, Tlvs = StampTlvSet.None })).CodePoints);
    }

    [Theory]
    [InlineData(SoundingProtocol.Stamp, false, "127.0.0.1")]
    [InlineData(SoundingProtocol.Stamp, true, "127.0.0.1")]
    [InlineData(SoundingProtocol.Stamp, false, "::1")]
    [InlineData(SoundingProtocol.Stamp, true, "::1")]
    [InlineData(SoundingProtocol.Twamp, false, "127.0.0.1")]
    [InlineData(SoundingProtocol.UdpPing, true, "127.0.0.1")]
    public async Task Requests_leave_with_their_code_point_and_ask_for_it(SoundingProtocol protocol, bool portable, string address)
    {
        using var target = UdpSocket.Open(NodeEndpoint.From(IPAddress.Parse(address), 0), new UdpOptions { ReportTypeOfService = true });
        _ = await RunAsync(new SoundingOptions
        {
            Target = target.LocalEndpoint,
            Protocol = protocol,
            Count = 1,
            Timeout = Duration.FromMilliseconds(1),
            Dscp = 46,
            Portable = portable,
        });

        var batch = new UdpBatch();
        Assert.Equal(1, target.ReceiveBatch(batch).Count);
        Assert.Equal(46 << 2, batch[0].TypeOfService);
        if (protocol == SoundingProtocol.Stamp)
        {
            // Behind the base and Follow-Up Telemetry: DSCP1 of Class of Service.
            Assert.Equal(new byte[] { 0x80, 4, 0, 4, 46 << 2 }, batch.Bytes(0).Slice(44 + 20, 5).ToArray());
        }
    }

    private static SoundingOptions Options(TestReflector reflector, bool authenticated) => new()
    {
        Target = reflector.Endpoint,
        Count = 30,
        Interval = Duration.FromMilliseconds(1),
        // Where something is lost, the run waits as long for it.
        Timeout = Duration.FromSeconds(5),
        Tlvs = StampTlvSet.Optional,
        Keys = authenticated ? s_keys : null,
    };

    private static async Task<SoundingResult> RunAsync(SoundingOptions options)
    {
        using var run = new SoundingRun(options);
        return await run.RunAsync(CancellationToken.None);
    }

    private static StampResponder Responder(bool authenticated) => new(
        authenticated ? new StampResponderOptions { Mode = StampMode.Authenticated, Keys = s_keys } : new StampResponderOptions(), 1)
    {
        TimestampInformation = s_time,
    };

    private static StampKeyRing Ring(string hex)
    {
        Assert.True(StampKey.TryParse(hex, out var key));
        return new StampKeyRing(key);
    }
}
