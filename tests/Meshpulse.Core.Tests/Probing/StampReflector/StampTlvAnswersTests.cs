using Meshpulse.Core.Probing.StampReflector;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Core.Tests.Probing.StampReflector;

public sealed class StampTlvAnswersTests
{
    [Theory]
    [InlineData("80010003c0ffee", "00010003c0ffee")]
    [InlineData("9f010000", "00010000")]
    [InlineData("80060004 20010000", "00060004 20010000")]
    [InlineData("80060004 30010000", "00060004 30010000")]
    [InlineData("8009001401", "c009001401")]
    [InlineData("80", "c0")]
    [InlineData("8007", "4007")]
    [InlineData("800700", "400700")]
    [InlineData("80070004 01020304", "40070004 00000000")]
    [InlineData("80070014 0102030405060708090a0b0c0d0e0f1011121314 80010000", "40070014 0000000000000000000000000d0e0f1011121314 80010000")]
    [InlineData("80070020 0102030405", "40070020 0000000000")]
    [InlineData("8008000f 000000000000000000000000000000", "6008000f 000000000000000000000000000000")]
    [InlineData("80080020 00", "60080020 00")]
    [InlineData("80070010 0102030405060708090a0b0c0d0e0f10", "00070010 00000000000000000000000000000000")]
    [InlineData("80030004 00000000", "00030004 02020203")]
    [InlineData("80030006 000000009900", "00030006 020202039900")]
    [InlineData("80030003 000000", "40030003 000000")]
    [InlineData("8005000c 00000007 ffffffff ffffffff", "0005000c 00000007 00000001 00000000")]
    public void A_tlv_has_its_answer(string request, string expected)
    {
        var bench = new StampBench();
        bench.Responder.TimestampInformation = new StampTimestampInformation(
            StampSyncSource.Ptp, StampTimestampMethod.SoftwareLocal, StampSyncSource.Ptp, StampTimestampMethod.ControlPlane);
        AssertTlvs(expected, bench, request);
    }

    [Theory]
    [InlineData("00000000", "035e9c40")]
    [InlineData("00000000 8004001000000000000000000000000000000000", "035e9c40 000500100a000009000000000000000000000000")]
    [InlineData("00000000 8007001000000000000000000000000000000000", "035e9c40 000800100a000001000000000000000000000000")]
    [InlineData("00000000 800100080000000000000000", "035e9c40 000100080000000000000000")]
    [InlineData("00000000 80630002beef 8007001000000000000000000000000000000000", "035e9c40 80630002beef 000800100a000001000000000000000000000000")]
    [InlineData("00000000 8007000400000000 8004001000000000000000000000000000000000", "035e9c40 4007000400000000 8004001000000000000000000000000000000000")]
    [InlineData("00000000 80", "035e9c40 c0")]
    [InlineData("00000000 80070099ab", "035e9c40 40070099ab")]
    public void Location_tells_how_the_request_came(string value, string expected)
    {
        AssertTlvs(Tlv("00", expected) + "00010000", new StampBench(), Tlv("80", value) + "80010000");
        static string Tlv(string flags, string value) => $"{flags}02{StampBench.Hex(value).Length:x4}{value}";
    }

    [Fact]
    public void Location_of_ipv6_and_of_a_reflector_that_does_not_tell()
    {
        const string request = "80020018 00000000 8004001000000000000000000000000000000000";
        var (source, local) = (StampBench.Node("[2001:db8::1]:40000"), StampBench.Node("[2001:db8::9]:862"));
        var reply = new StampBench().Ask([.. StampBench.Request(), .. StampBench.Hex(request)], source, local);
        Assert.Equal("00020018035e9c400006001020010db8000000000000000000000009", Convert.ToHexStringLower(reply.AsSpan(44)));
        reply = new StampBench(new StampResponderOptions { TellLocation = false }).Ask([.. StampBench.Request(), .. StampBench.Hex(request)], source, local);
        Assert.Equal("00020018000000000004001000000000000000000000000000000000", Convert.ToHexStringLower(reply.AsSpan(44)));
    }

    [Theory]
    [InlineData(46, 0x49, 46, "b9240000")]
    [InlineData(0, 0x49, 0, "01240000")]
    [InlineData(10, 0xff, 10, "2bfc0000")]
    [InlineData(48, 0x49, 18, "c1250000")]
    [InlineData(63, 0x02, 0, "fc090000")]
    public void Class_of_service_asks_and_policy_decides(int asked, byte trafficClass, int dscp, string expected)
    {
        var bench = new StampBench { TrafficClass = trafficClass };
        AssertTlvs("00040004" + expected, bench, $"80040004{asked << 2:x2}000000");
        Assert.Equal(dscp, bench.Reply.Dscp);
    }

    [Fact]
    public void Without_class_of_service_the_reply_has_the_requests_dscp()
    {
        var bench = new StampBench { TrafficClass = 0xb9 };
        Assert.Equal(0, bench.Number());
        Assert.Equal(46, bench.Reply.Dscp);
    }

    [Fact]
    public void Only_reports_of_known_access_networks_are_passed_on()
    {
        var bench = new StampBench();
        AssertTlvs("00060004 20020000", bench, "80060004 20020000");
        Assert.Equal(new StampAccessReport(StampAccessId.NonThreeGpp, StampAccessReturnCode.Unavailable), bench.Reply.AccessReport);
        AssertTlvs("00060004 30020000", bench, "80060004 30020000");
        Assert.Equal(default, bench.Reply.AccessReport);
    }

    [Fact]
    public void Direct_measurement_counts_the_sessions_own_packets()
    {
        var bench = new StampBench();
        for (var i = 0; i < 4; i++)
        {
            AssertTlvs($"0005000c00000007{i + 1:x8}{i:x8}", bench, "8005000c 00000007 00000000 00000000");
        }
    }

    [Fact]
    public void Follow_up_tells_the_last_known_time_of_sending()
    {
        const string ask = "80070010 00000000000000000000000000000000";
        var bench = new StampBench();
        AssertTlvs("00070010 00000000000000000000000000000000", bench, ask);
        var first = bench.Reply.Token;
        AssertTlvs("00070010 00000000000000000000000000000000", bench, ask);
        var second = bench.Reply.Token;
        bench.Responder.OnTransmitted(second, new WallTime(StampBench.Second0 + 250_000_000), StampTimestampMethod.HardwareAssist);
        AssertTlvs("00070010 00000001 e8fe6f8040000000 01000000", bench, ask);
        // Late, unknown and taken back: none of them changes it.
        bench.Responder.OnTransmitted(first, new WallTime(1));
        bench.Responder.OnTransmitted(default, new WallTime(2));
        bench.Responder.Abandon(bench.Reply.Token);
        bench.Responder.OnTransmitted(bench.Reply.Token, new WallTime(3));
        AssertTlvs("00070010 00000001 e8fe6f8040000000 01000000", bench, ask);
        Assert.Equal(2u, bench.Reply.Token.Sequence);
    }

    [Fact]
    public void Ptp_is_spoken_in_all_of_a_reply_but_never_to_twamp()
    {
        var bench = new StampBench(new StampResponderOptions { Format = StampTimestampFormat.Ptp });
        Assert.Equal(0, bench.Number());
        bench.Responder.OnTransmitted(bench.Reply.Token, new WallTime(StampBench.Second0 + 5));
        var reply = bench.Ask([.. StampBench.Request(1), .. StampBench.Hex("80070010 00000000000000000000000000000000")]);
        Assert.Equal("6553f100078a5725d60100016553f100078993d5", Convert.ToHexStringLower(reply.AsSpan(4, 20)));
        Assert.Equal("00070010000000006553f1000000000502000000", Convert.ToHexStringLower(reply.AsSpan(44)));
        reply = bench.Ask(StampBench.Request(0, 0, 20));
        Assert.Equal("e8fe6f802062bfb996010000e8fe6f80205f78dd", Convert.ToHexStringLower(reply.AsSpan(4, 20)));
    }

    [Fact]
    public void Without_state_nothing_is_followed_up_or_counted()
    {
        var bench = new StampBench(new StampResponderOptions { Stateless = true });
        Assert.Equal(5, bench.Number(5));
        bench.Responder.OnTransmitted(bench.Reply.Token, new WallTime(9));
        bench.Responder.Abandon(bench.Reply.Token);
        AssertTlvs(
            "00070010 00000000000000000000000000000000 0005000c 00000007 00000000 00000000",
            bench,
            "80070010 00000000000000000000000000000000 8005000c 00000007 00000000 00000000");
    }

    /// <summary>With authentication the TLVs have a MAC of the base's key, or there is nothing but padding.</summary>
    [Fact]
    public void Authenticated_tlvs_need_the_key_of_their_base()
    {
        var (old, next) = (StampBench.Key, StampBench.MakeKey(7));
        var bench = new StampBench(new StampResponderOptions { Mode = StampMode.Authenticated, Keys = new StampKeyRing(next, old) });
        Assert.Equal((StampTlvIntegrity.Verified, 0x00), Ask(old, old));
        Assert.Equal((StampTlvIntegrity.Verified, 0x00), Ask(next, next));
        Assert.Equal((StampTlvIntegrity.Failed, 0x20), Ask(old, next));
        Assert.Equal((StampTlvIntegrity.Failed, 0x20), Ask(old, null));
        var padded = bench.Ask([.. StampBench.Request(0, 1, 112, mode: StampMode.Authenticated), 0x80, 1, 0, 1, 9]);
        Assert.Equal("0001000109", Convert.ToHexStringLower(padded.AsSpan(112)));

        (StampTlvIntegrity Integrity, int Flags) Ask(StampKey baseKey, StampKey? tlvKey)
        {
            var area = new byte[28];
            var writer = new StampTlvWriter(area);
            writer.AddClassOfService(10);
            if (tlvKey is { } key)
            {
                writer.AddHmac(key, 3);
            }

            var reply = bench.Ask([.. StampBench.Request(3, 1, 112, mode: StampMode.Authenticated, key: baseKey), .. area.AsSpan(0, writer.Length)]);
            Assert.True(StampMac.TryVerifyPacket(new StampKeyRing(baseKey), reply, out _));
            var (number, one) = ((uint)((reply[0] << 24) | (reply[1] << 16) | (reply[2] << 8) | reply[3]), 0);
            if (bench.Reply.TlvIntegrity == StampTlvIntegrity.Verified)
            {
                Assert.Equal(StampTlvIntegrity.Verified, StampTlvCheck.Verify(reply.AsSpan(112), number, StampMode.Authenticated, new StampKeyRing(baseKey), ref one));
            }

            return (bench.Reply.TlvIntegrity, reply[112]);
        }
    }

    private static void AssertTlvs(string expected, StampBench bench, string request)
    {
        var reply = bench.Ask([.. StampBench.Request(), .. StampBench.Hex(request)]);
        Assert.Equal(Convert.ToHexStringLower(StampBench.Hex(expected)), Convert.ToHexStringLower(reply.AsSpan(44)));
    }
}
