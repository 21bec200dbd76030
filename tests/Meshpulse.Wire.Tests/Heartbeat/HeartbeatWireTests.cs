using Meshpulse.Wire.Heartbeat;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Wire.Tests.Heartbeat;

public class HeartbeatWireTests
{
    private static NodeEndpoint Node(string text) => NodeEndpoint.TryParse(text, out var node) ? node : throw new FormatException(text);

    private static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", ""));

    [Theory]
    [InlineData("127.0.1.2:12222", "00000007 04 7f000102 2fbe")]
    [InlineData("[2001:db8::7]:12222", "00000013 10 20010db8000000000000000000000007 2fbe")]
    public void Hello_has_the_golden_bytes_and_reads_back(string identity, string golden)
    {
        var frame = new byte[HeartbeatWire.MaxFrame];
        var length = HeartbeatWire.WriteHello(frame, Node(identity));

        Assert.Equal(Hex(golden), frame[..length]);
        Assert.Equal(FrameError.None, HeartbeatWire.ReadHello(frame.AsSpan(4, length - 4), out var read));
        Assert.Equal(Node(identity), read);
    }

    [Theory]
    [InlineData("", "00000008 000660b2c8d7cff3")]
    [InlineData("127.0.1.1:12222", "0000000f 000660b2c8d7cff3 04 7f000101 2fbe")]
    [InlineData("127.0.1.1:12222 [::1]:1", "00000022 000660b2c8d7cff3 04 7f000101 2fbe 10 00000000000000000000000000000001 0001")]
    public void Ping_has_the_golden_bytes_and_reads_back(string list, string golden)
    {
        var nodes = list.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Node).ToArray();
        var frame = new byte[HeartbeatWire.MaxFrame];
        var length = HeartbeatWire.WritePing(frame, 0x000660b2c8d7cff3);
        foreach (var node in nodes)
        {
            length = HeartbeatWire.AppendEntry(frame, length, node);
        }

        Assert.Equal(Hex(golden), frame[..length]);
        Assert.Equal(FrameError.None, HeartbeatWire.ReadPing(frame.AsSpan(4, length - 4), out var ping));
        Assert.Equal(0x000660b2c8d7cff3, ping.StampMicroseconds);
        Assert.Equal(nodes, Entries(ping));
        Assert.Equal(nodes.Length == 0, ping.HasNoList);
    }

    [Theory]
    [InlineData(false, 144)]
    [InlineData(true, 53)]
    public void A_ping_takes_as_many_entries_as_fit_into_1024_bytes(bool v6, int expected)
    {
        var frame = new byte[HeartbeatWire.MaxFrame];
        var length = HeartbeatWire.WritePing(frame, 1);
        var count = 0;
        for (var next = -1; next != length; count++)
        {
            length = next < 0 ? length : next;
            next = HeartbeatWire.AppendEntry(frame, length, Node(v6 ? $"[::{count + 1:x}]:1" : $"10.0.0.{count}:1"));
        }

        Assert.Equal(expected, count - 1);
        Assert.True(length <= 1024);
        Assert.Equal(FrameError.None, HeartbeatWire.ReadPing(frame.AsSpan(4, length - 4), out var ping));
        Assert.Equal(expected, Entries(ping).Count);
    }

    [Theory]
    [InlineData("", FrameError.BodyTooShort)]
    [InlineData("04", FrameError.TruncatedEntry)]
    [InlineData("05 7f000001 2fbe", FrameError.AddressLength)]
    [InlineData("05 7f00000100 2fbe", FrameError.AddressLength)]
    [InlineData("04 7f000001 2f", FrameError.TruncatedEntry)]
    [InlineData("04 7f000001 2fbe 00", FrameError.TrailingBytes)]
    [InlineData("10 00000000000000000000000000000001 00", FrameError.TruncatedEntry)]
    public void A_hello_that_is_none_says_why(string body, FrameError expected) =>
        Assert.Equal(expected, HeartbeatWire.ReadHello(Hex(body), out _));

    [Theory]
    [InlineData("00", FrameError.BodyTooShort)]
    [InlineData("000660b2c8d7cf", FrameError.BodyTooShort)]
    [InlineData("000660b2c8d7cff3 05 7f000001 2fbe", FrameError.AddressLength)]
    [InlineData("000660b2c8d7cff3 00", FrameError.AddressLength)]
    [InlineData("000660b2c8d7cff3 04 7f000001 2fbe 04 7f", FrameError.TruncatedEntry)]
    public void A_ping_that_is_none_says_why(string body, FrameError expected) =>
        Assert.Equal(expected, HeartbeatWire.ReadPing(Hex(body), out _));

    internal static List<NodeEndpoint> Entries(PingView ping)
    {
        var entries = new List<NodeEndpoint>();
        foreach (var entry in ping)
        {
            entries.Add(entry);
        }

        return entries;
    }
}
