using System.Text.Json;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Lab.Decoders;

/// <summary>A request that scapy is to build and to send, and what it is to read in the reply.</summary>
/// <param name="Json">The request, as <c>stamp.py</c> is told.</param>
/// <param name="RequestLine">How it reads its own request.</param>
/// <param name="ReplyLine">The end of the line of the reply, from the sender's number; PORTS stands for the reflector's and the sender's port.</param>
internal sealed record ScapyQuestion(string Json, string RequestLine, string ReplyLine)
{
    private const string Ntp = "e8fe6f801f9add37=3908988800.123456789";
    private const string Ptp = "6553f100075bcd15";
    private const string Zeros16 = "00000000000000000000000000000000";
    private const string NoAddresses = "00000000" + "80040010" + Zeros16 + "80070010" + Zeros16;
    private const string Addresses = "PORTS" + "000500107f005201000000000000000000000000" + "000800107f005202000000000000000000000000";

    /// <summary>One session, in this order.</summary>
    public static IReadOnlyList<ScapyQuestion> All(StampMode mode)
    {
        // Without authentication the reflector has no key: an HMAC TLV can't hold there, with it a wrong one does not.
        var signed = mode == StampMode.Authenticated;
        (string, string)[] hmac = signed ? [("80 8 16 sign", "00 8 16 holds")] : [];
        List<ScapyQuestion> all =
        [
            Make(signed, 0, Ntp, [1, 0, 15, 132]),
            Make(signed, 1, Ptp, [0, 1, 63, 255]),
            Make(
                signed,
                uint.MaxValue,
                Ntp,
                [0, 0, 0, 1],
                [
                    ("80 2 44 " + NoAddresses, "00 2 44 " + Addresses),
                    ("80 4 4 b8000000", "00 4 4 b9240000"),
                    ("80 5 12 000000070000000000000000", "00 5 12 000000070000000300000002"),
                    ("80 6 4 20020000", "00 6 4 20020000"),
                    ("80 7 16 " + Zeros16, "00 7 16 " + Zeros16),
                    .. hmac,
                    ("80 1 3 010203", "00 1 3 010203"),
                ]),
            Make(signed, 3, Ntp, [0, 0, 0, 1], [("80 7 16 " + Zeros16, "00 7 16 " + Zeros16), .. hmac]),
            Make(
                signed, 4, Ntp, [0, 0, 0, 1], [("80 4 4 b8000000", "20 4 4 b8000000"), ("80 8 16 77777777777777777777777777777777", "20 8 16 77777777777777777777777777777777")]),
        ];
        if (!signed)
        {
            all.Add(Make(signed, 5, Ntp, [0, 0, 0, 1], [("80 200 2 dead", "80 200 2 dead"), ("80 5 100 aabb", "40 5 100 aabb")]));
        }

        return all;
    }

    private static ScapyQuestion Make(bool signed, uint sequence, string t1, int[] error, params (string Asked, string Answered)[] tlvs)
    {
        // An authenticated layer does not read the clock.
        var (bits, shown) = (t1.Split('=')[0], signed ? t1.Split('=')[0] : t1);
        var (ee, mac) = (string.Join('/', error), signed ? " mac=holds" : "");
        var asked = tlvs.Select(tlv => tlv.Asked.Split(' ')).Select(tlv => new object[] { Convert.ToInt32(tlv[0], 16), Number(tlv[1]), Number(tlv[2]), tlv[3] });
        return new ScapyQuestion(
            JsonSerializer.Serialize(new { seq = sequence, ssid = 0x1234, t1 = bits, ee = error, tlvs = asked }),
            $"request seq={sequence} t1={shown} ee={ee} ssid=4660 mbz=0{mac}{Join(tlvs.Select(tlv => tlv.Asked.Replace("sign", "holds", StringComparison.Ordinal)))}",
            $"sender_seq={sequence} t1={shown} sender_ee={ee} ttl=77 mbz=0{mac}{Join(tlvs.Select(tlv => tlv.Answered))}");
    }

    private static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

    private static string Join(IEnumerable<string> tlvs) => string.Concat(tlvs.Select(tlv => " | " + tlv));
}
