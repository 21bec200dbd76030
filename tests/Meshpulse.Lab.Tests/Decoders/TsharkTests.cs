using System.Xml.Linq;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Lab.Decoders;

/// <summary>
/// tshark reads our packets as we mean them. Version 4.0 knows TWAMP-Test without authentication only: STAMP's session id is "MBZ"
/// to it, TLVs are padding, and a request as long as a reply is read as one, with zeros. Authenticated packets it can't read at all.
/// </summary>
public sealed class TsharkTests
{
    /// <summary>What our moments mean, within the hour of 22:13:20.</summary>
    private static readonly Dictionary<string, long> s_clocks = new()
    {
        ["e8fe6f801f9add37"] = 800_123_456_789,
        ["e8fe6f80205f78dd"] = 800_126_456_789,
        ["e8fe6f802062bfb9"] = 800_126_506_789,
        ["6553f100075bcd15"] = 800_123_456_789,
        ["6553f100078993d5"] = 800_126_456_789,
        ["6553f100078a5725"] = 800_126_506_789,
    };

    [Fact]
    public async Task It_reads_what_we_mean()
    {
        var exchanges = StampExchanges.All.Where(exchange => exchange.Mode == StampMode.Unauthenticated).ToList();
        using var capture = new PacketCapture(exchanges);
        var packets = await Tshark.DecodeAsync(capture);
        Assert.Equal(2 * exchanges.Count, packets.Count);
        foreach (var (exchange, pair) in exchanges.Zip(packets.Chunk(2)))
        {
            Assert.Equal($"{exchange.Name}: {Base(exchange.RequestLine)}", $"{exchange.Name}: {RequestLine(pair[0])}");
            Assert.Equal($"{exchange.Name}: {Base(exchange.ReplyLine)}", $"{exchange.Name}: {ReplyLine(pair[1])}");
            Assert.Equal(Convert.ToHexStringLower(exchange.Reply.AsSpan(41)), pair[1].Bytes("padding"));
            AssertClock(pair[0], "timestamp");
            AssertClock(pair[1], "timestamp");
            AssertClock(pair[1], "receive_timestamp");
            // What is echoed has the format of the sender's own Z bit (RFC 8186, section 2.1), but tshark takes it for NTP always.
            if (pair[1].Estimate("sender_error_estimate").Split('/')[1] == "0")
            {
                AssertClock(pair[1], "sender_timestamp");
            }
        }
    }

    /// <summary>The line without what tshark does not know: scapy's reading of the times, what must be zero, and TLVs.</summary>
    private static string Base(string line) => string.Join(
        ' ',
        line.Split(" | ")[0].Split(' ').Where(word => !word.StartsWith("mbz", StringComparison.Ordinal)).Select(word => string.Join('=', word.Split('=').Take(2))));

    private static string RequestLine(IReadOnlyList<XElement> packet)
    {
        var line = $"request seq={packet.Number("seq_number")} t1={packet.Bytes("timestamp")} ee={packet.Estimate("error_estimate")}";
        return packet.Bytes("mbz1").Length == 0 ? line : $"{line} ssid={packet.Number("mbz1")}";
    }

    private static string ReplyLine(IReadOnlyList<XElement> packet) =>
        $"reply seq={packet.Number("seq_number")} t3={packet.Bytes("timestamp")} ee={packet.Estimate("error_estimate")} ssid={packet.Number("mbz1")}"
        + $" t2={packet.Bytes("receive_timestamp")} sender_seq={packet.Number("sender_seq_number")} t1={packet.Bytes("sender_timestamp")}"
        + $" sender_ee={packet.Estimate("sender_error_estimate")} ttl={packet.Number("sender_ttl")}";

    /// <summary>It cuts NTP's fraction off where it has to be rounded, and so may be short of a nanosecond.</summary>
    private static void AssertClock(IReadOnlyList<XElement> packet, string field)
    {
        var meant = s_clocks[packet.Bytes(field)];
        Assert.InRange(packet.Clock(field), meant - 1, meant);
    }
}
