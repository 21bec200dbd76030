using Meshpulse.Core.Probing.StampReflector;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Core.Tests.Probing.StampReflector;

/// <summary>The vectors V1 to V9, byte for byte.</summary>
public sealed class StampVectorTests
{
    private const string Zeros28 = "00000000000000000000000000000000000000000000000000000000";

    private static readonly string[] Requests =
    [
        "00000000e8fe6f801f9add378f841234" + Zeros28,
        "00000001e8fe6f8024b995898f841234" + Zeros28,
        "00000002e8fe6f8029d84ddb8f841234" + Zeros28,
    ];

    private static readonly string[] Replies =
    [
        "00000000e8fe6f802062bfb996011234e8fe6f80205f78dd00000000e8fe6f801f9add378f840000fa000000",
        "00000001e8fe6f802581780b96011234e8fe6f80257e312f00000001e8fe6f8024b995898f840000fa000000",
        "00000002e8fe6f802aa0305d96011234e8fe6f802a9ce98000000002e8fe6f8029d84ddb8f840000fa000000",
    ];

    [Fact]
    public void V1_no_loss()
    {
        var bench = new StampBench();
        for (var i = 0; i < 3; i++, bench.Wait(0.02))
        {
            Assert.Equal(Replies[i], bench.AskHex(Requests[i]));
        }
    }

    [Fact]
    public void V2_a_request_is_lost_forward()
    {
        var bench = new StampBench();
        Assert.Equal(Replies[0], bench.AskHex(Requests[0]));
        bench.Wait(0.04);
        Assert.Equal("00000001" + Replies[2][8..], bench.AskHex(Requests[2]));
    }

    [Fact]
    public void V2_without_state_every_number_is_the_senders()
    {
        var bench = new StampBench(new StampResponderOptions { Stateless = true });
        Assert.Equal(Replies[0], bench.AskHex(Requests[0]));
        bench.Wait(0.04);
        Assert.Equal(Replies[2], bench.AskHex(Requests[2]));
        Assert.Equal(0, bench.Responder.Sessions);
    }

    [Fact]
    public void V3_twamp_light() => Assert.Equal(
        "00000000e8fe6f802062bfb996010000e8fe6f80205f78dd00000000e8fe6f801f9add373fff000040000000",
        new StampBench { Ttl = 64 }.AskHex("00000000e8fe6f801f9add373fff"));

    [Fact]
    public void V4_padding_that_looks_like_tlvs()
    {
        var (request, reply) = ("00000000e8fe6f801f9add378f840000" + Zeros28 + "a1a2a3a4a5a6", Replies[0].Replace("96011234", "96010000", StringComparison.Ordinal));
        reply = reply[..^8] + "28000000";
        Assert.Equal(reply + "a1a2a3a4a5a6", new StampBench(new StampResponderOptions { ProcessTlvs = false }) { Ttl = 40 }.AskHex(request));
        // Taken for TLVs it is harmless: one that is unknown and cut off.
        Assert.Equal(reply + "c0a2a3a4a5a6", new StampBench { Ttl = 40 }.AskHex(request));
    }

    [Fact]
    public void V5_authenticated()
    {
        const string request = "00000000000000000000000000000000e8fe6f801f9add378f841234"
            + "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
            + "2ac77b81edfac3bcdf9ea5042f7fad60";
        const string reply = "00000000000000000000000000000000e8fe6f802062bfb99601123400000000e8fe6f80205f78dd0000000000000000"
            + "00000000000000000000000000000000e8fe6f801f9add378f84000000000000ff000000000000000000000000000000"
            + "a5114647696769c134601bbb89b13b6f";
        var options = new StampResponderOptions { Mode = StampMode.Authenticated, Keys = new StampKeyRing(StampBench.MakeKey(9), StampBench.Key) };
        Assert.Equal(reply, new StampBench(options) { Ttl = 255 }.AskHex(request));
    }

    [Fact]
    public void V6_tlvs_of_five_kinds()
    {
        const string tlvs = "80040004b80000008005000c000000070000000000000000800700100000000000000000000000000000000080080010f6f8b1c39e39e755cda36600bae8b8c68001000400000000";
        const string answers = "00040004b92400000005000c0000000700000006000000050007001000000000e8fe6f802062bfb90200000000080010ff90d24df16c2a98ef337fdaa50214870001000400000000";
        var bench = new StampBench(new StampResponderOptions { Keys = new StampKeyRing(StampBench.Key) }) { Ttl = 255 };
        Assert.Equal(44, bench.Ask(StampBench.Hex(Requests[0])).Length);
        bench.Responder.OnTransmitted(bench.Reply.Token, new WallTime(bench.Received + 50_000));
        bench.Wait(0.02);
        (bench.TrafficClass, bench.Counters) = (0x49, new StampFlowCounters(6, 5));
        Assert.Equal(Replies[1][..^8] + "ff000000" + answers, bench.AskHex(Requests[1] + tlvs));
        Assert.Equal((46, StampTlvIntegrity.Verified), (bench.Reply.Dscp, bench.Reply.TlvIntegrity));
    }

    [Theory]
    [InlineData("80c80002dead800100020000", "80c80002dead000100020000")]
    [InlineData("800100020000 80040003000000 8005000c000000000000000000000000", "000100020000 40040003000000 8005000c000000000000000000000000")]
    [InlineData("800100020000 80050064aabb", "000100020000 40050064aabb")]
    public void V7_unknown_and_malformed(string request, string reply) =>
        Assert.Equal(Replies[0] + Convert.ToHexStringLower(StampBench.Hex(reply)), new StampBench().AskHex(Requests[0] + request));

    [Fact]
    public void V8_a_wrong_hmac_tlv()
    {
        const string tlvs = "80040004b8000000 8005000c000000070000000000000000 80080010f6f8b1c39e39e755cda36600bae8b8c7 8001000400000000";
        const string answers = "20040004b8000000 2005000c000000070000000000000000 20080010f6f8b1c39e39e755cda36600bae8b8c7 2001000400000000";
        var bench = new StampBench(new StampResponderOptions { Keys = new StampKeyRing(StampBench.Key) }) { TrafficClass = 0x49 };
        Assert.Equal(Replies[0] + answers.Replace(" ", "", StringComparison.Ordinal), bench.AskHex(Requests[0] + tlvs));
        Assert.Equal((18, StampTlvIntegrity.Failed), (bench.Reply.Dscp, bench.Reply.TlvIntegrity));
        // Nor can it be verified without keys.
        Assert.Equal(Replies[0] + answers.Replace(" ", "", StringComparison.Ordinal), new StampBench().AskHex(Requests[0] + tlvs));
    }

    /// <summary>A sender with PTP, in UTC and in TAI: its time goes back as it came, whatever the reflector's own format is.</summary>
    [Theory]
    [InlineData(StampTimestampFormat.Ntp, "6553f100075bcd15", "e8fe6f802062bfb996011234e8fe6f80205f78dd")]
    [InlineData(StampTimestampFormat.Ntp, "6553f125075bcd15", "e8fe6f802062bfb996011234e8fe6f80205f78dd")]
    [InlineData(StampTimestampFormat.Ptp, "6553f100075bcd15", "6553f100078a5725d60112346553f100078993d5")]
    public void V9_ptp(StampTimestampFormat format, string t1, string own) => Assert.Equal(
        $"00000000{own}00000000{t1}cf840000fa000000",
        new StampBench(new StampResponderOptions { Format = format }).AskHex($"00000000{t1}cf841234{Zeros28}"));
}
