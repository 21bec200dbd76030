using Meshpulse.Core.Probing.StampReflector;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Lab.Decoders;

/// <summary>
/// Exchanges of every kind. The packets come from nanoseconds and values by our code; what they are meant to say is written down
/// beside it, from the vectors and the RFCs: neither side of a comparison is made by the other.
/// </summary>
internal static class StampExchanges
{
    /// <summary>Of the vectors: 00 to 1f.</summary>
    public const string KeyText = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    // The moments of the vectors, and what scapy makes of them in NTP: seconds since 1900.
    private const string T1 = "e8fe6f801f9add37=3908988800.123456789";
    private const string T2 = "e8fe6f80205f78dd=3908988800.126456789";
    private const string T3 = "e8fe6f802062bfb9=3908988800.126506789";
    private const string PtpT1 = "6553f100075bcd15";
    private const string PtpT2 = "6553f100078993d5";
    private const string PtpT3 = "6553f100078a5725";
    private const long Sent = 1_700_000_000_123_456_789;

    private const string EightAsked =
        " | 80 2 56 00000000800400100000000000000000000000000000000080070010000000000000000000000000000000008001000800000000000000"
        + "00 | 80 3 4 00000000 | 80 4 4 b8000000 | 80 5 12 000000070000000000000000 | 80 6 4 10010000"
        + " | 80 7 16 00000000000000000000000000000000 | 80 8 16 holds | 80 1 4 00000000";

    private const string EightAnswered =
        " | 00 2 56 035e9c40000500100a000009000000000000000000000000000800100a0000010000000000000000000000000001000800000000000000"
        + "00 | 00 3 4 01020503 | 00 4 4 b9240000 | 00 5 12 000000070000000600000005 | 00 6 4 10010000"
        + " | 00 7 16 00000000e8fe6f802062bfb902000000 | 00 8 16 holds | 00 1 4 00000000";

    private static readonly StampKey s_key = StampKey.TryParse(KeyText, out var key) ? key : throw new FormatException();

    private static readonly StampResponderOptions s_authenticated = new() { Mode = StampMode.Authenticated, Keys = new StampKeyRing(s_key) };

    private static readonly StampResponderOptions s_withKey = new() { Keys = new StampKeyRing(s_key) };

    private static readonly StampResponderOptions s_ptp = new() { Format = StampTimestampFormat.Ptp };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<StampExchange> All { get; } =
    [
        Make("first of a session", new(), "", ""),
        Make("second of a session, the numbers far apart", new(), "", "", number: 1, sequence: uint.MaxValue),
        Make("PTP on both sides", s_ptp, "", "", format: StampTimestampFormat.Ptp),
        Make("PTP to a reflector with NTP", new(), "", "", format: StampTimestampFormat.Ptp),
        Make("NTP to a reflector with PTP", s_ptp, "", ""),
        Make("all eight TLVs", s_withKey, EightAsked, EightAnswered, Eight(), number: 1),
        Make("unknown TLV", new(), " | 80 200 2 dead | 80 1 2 0000", " | 80 200 2 dead | 00 1 2 0000", Convert.FromHexString("80c80002dead800100020000")),
        Make(
            "CoS of a wrong length",
            new(),
            " | 80 1 2 0000 | 80 4 3 000000 | 80 5 12 000000000000000000000000",
            " | 00 1 2 0000 | 40 4 3 000000 | 80 5 12 000000000000000000000000",
            Convert.FromHexString("800100020000800400030000008005000c000000000000000000000000")),
        Make("TLV cut off", new(), " | 80 1 2 0000 | 80 5 100 aabb", " | 00 1 2 0000 | 40 5 100 aabb", Convert.FromHexString("80010002000080050064aabb")),
        Make(
            "HMAC TLV that does not hold",
            s_withKey,
            " | 80 4 4 b8000000 | 80 8 16 f6f8b1c39e39e755cda36600bae8b8c7 | 80 1 0 ",
            " | 20 4 4 b8000000 | 20 8 16 f6f8b1c39e39e755cda36600bae8b8c7 | 20 1 0 ",
            Convert.FromHexString("80040004b800000080080010f6f8b1c39e39e755cda36600bae8b8c780010000")),
        Make(
            "padding that looks like a TLV, sent back as it is",
            new() { ProcessTlvs = false },
            " | a1 162 41892 a5a6",
            " | a1 162 41892 a5a6",
            Convert.FromHexString("a1a2a3a4a5a6"),
            ssid: 0),
        Twamp(),
        Make("authenticated", s_authenticated, "", ""),
        Make("authenticated, with padding alone", s_authenticated, " | 80 1 3 000000", " | 00 1 3 000000", Convert.FromHexString("80010003000000")),
        Make("authenticated, with all eight TLVs", s_authenticated, EightAsked, EightAnswered, Eight(), number: 1),
    ];

    /// <summary>TWAMP Light, with the header alone.</summary>
    private static StampExchange Twamp()
    {
        var request = Request(StampMode.Unauthenticated, 5, 0, StampTimestampFormat.Ntp, null)[..StampWire.TwampRequestLength];
        return new StampExchange(
            "TWAMP Light",
            StampMode.Unauthenticated,
            request,
            Reply(new(), request, 0),
            $"request seq=5 t1={T1} ee=1/0/15/132",
            $"reply seq=0 t3={T3} ee=1/0/22/1 ssid=0 t2={T2} sender_seq=5 t1={T1} sender_ee=1/0/15/132 ttl=250 mbz=0");
    }

    private static StampExchange Make(
        string name,
        StampResponderOptions options,
        string asked,
        string answered,
        byte[]? tlvs = null,
        uint number = 0,
        uint sequence = 9,
        ushort ssid = 0x1234,
        StampTimestampFormat format = StampTimestampFormat.Ntp)
    {
        var request = Request(options.Mode, sequence, ssid, format, tlvs);
        var reply = Reply(options, request, number);
        var (z, t1) = format == StampTimestampFormat.Ptp ? (1, PtpT1) : (0, T1);
        var (rz, t2, t3) = options.Format == StampTimestampFormat.Ptp ? (1, PtpT2, PtpT3) : (0, T2, T3);
        var mac = options.Mode == StampMode.Authenticated ? " mac=holds" : "";
        var (from, to) = ($"t1={t1} ee=1/{z}/15/132", $"t3={t3} ee=1/{rz}/22/1 ssid={ssid} t2={t2}");
        var requestLine = $"request seq={sequence} {from} ssid={ssid} mbz=0{mac}{asked}";
        var replyLine = $"reply seq={number} {to} sender_seq={sequence} t1={t1} sender_ee=1/{z}/15/132 ttl=250 mbz=0{mac}{answered}";
        // Authenticated fields are of a layer that does not read the clock.
        return options.Mode == StampMode.Authenticated
            ? new StampExchange(name, options.Mode, request, reply, WithoutClock(requestLine), WithoutClock(replyLine))
            : new StampExchange(name, options.Mode, request, reply, requestLine, replyLine);
    }

    private static string WithoutClock(string line) => string.Join(
        ' ', line.Split(' ').Select(word => word.StartsWith('t') && word.Count(c => c == '=') == 2 ? word[..word.LastIndexOf('=')] : word));

    private static byte[] Request(StampMode mode, uint sequence, ushort ssid, StampTimestampFormat format, byte[]? tlvs)
    {
        var bytes = new byte[StampWire.LengthOf(mode)];
        var error = StampErrorEstimate.FromBound(1_007_080, synchronised: true, format);
        _ = StampWire.WriteRequest(bytes, mode, new StampSenderPacket(sequence, StampTimestamp.FromNanoseconds(Sent, format), error, ssid));
        if (mode == StampMode.Authenticated)
        {
            StampMac.SignPacket(s_key, bytes);
        }

        return [.. bytes, .. tlvs ?? []];
    }

    /// <summary>The reply to a request that comes after so many others of its session, of which the first has a better time of sending.</summary>
    private static byte[] Reply(StampResponderOptions options, byte[] request, uint number)
    {
        var responder = new StampResponder(options, seed: 1)
        {
            ErrorEstimate = new StampErrorEstimate(0x9601),
            TimestampInformation = new StampTimestampInformation(
                StampSyncSource.Ntp, StampTimestampMethod.SoftwareLocal, StampSyncSource.FreeRunning, StampTimestampMethod.ControlPlane),
        };
        var buffer = new byte[400];
        for (uint i = 0; ; i++)
        {
            var arrival = new StampArrival(new MonoTime(1 + i), new WallTime(Sent + 3_000_000), Node("10.0.0.1:40000"), Node("10.0.0.9:862"))
            {
                Ttl = 250,
                TrafficClass = 0x49,
                Counters = new StampFlowCounters(6, 5),
            };
            Assert.Equal(StampDecision.Answer, responder.Decide(arrival, request, buffer, out var reply));
            responder.Seal(reply, new WallTime(Sent + 3_050_000), buffer);
            responder.OnTransmitted(reply.Token, new WallTime(Sent + 3_050_000));
            if (i == number)
            {
                return buffer[..reply.Length];
            }
        }
    }

    private static byte[] Eight()
    {
        var area = new byte[400];
        var writer = new StampTlvWriter(area);
        writer.AddLocation(addresses: true, mac: true);
        writer.AddTimestampInformation();
        writer.AddClassOfService(46);
        writer.AddDirectMeasurement(7);
        writer.AddAccessReport(new StampAccessReport(StampAccessId.ThreeGpp, StampAccessReturnCode.Available));
        writer.AddFollowUp();
        writer.AddHmac(s_key, 9);
        writer.AddExtraPadding(4);
        return area[..writer.Length];
    }

    private static NodeEndpoint Node(string text) => NodeEndpoint.TryParse(text, out var node) ? node : throw new FormatException(text);
}
