using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.UdpPing;

namespace Meshpulse.Wire.Tests.UdpPing;

public sealed class UdpPingReflectorTests
{
    private const string Request = "13706a4b0000000100000000000000070001";
    private const string Response = "13706a4b0000000100000000000000070002";

    private static readonly NodeEndpoint Asker = Node("10.0.0.1:40000");

    [Theory]
    [InlineData(Request, Response)]
    [InlineData(Request + "c0ffee", Response + "c0ffee")]
    public void A_request_is_answered_with_its_id_and_padding(string request, string expected)
    {
        var reply = new byte[2048];
        Assert.Equal(UdpPingDecision.Answer, UdpPingReflector.Decide(Convert.FromHexString(request), Asker, reply, out var length));
        Assert.Equal(expected, Convert.ToHexStringLower(reply.AsSpan(0, length)));
    }

    [Theory]
    [InlineData("", UdpPingDecision.TooShort)]
    [InlineData("13", UdpPingDecision.TooShort)]
    [InlineData("13706a4b00000001000000000000000700", UdpPingDecision.TooShort)]
    [InlineData("13706a4a0000000100000000000000070001", UdpPingDecision.Magic)]
    [InlineData("13706a4b0000006300000000000000070001", UdpPingDecision.Version)]
    [InlineData("13706a4b0000000100000000000000070003", UdpPingDecision.Type)]
    [InlineData(Response, UdpPingDecision.Response)]
    [InlineData(Response + "00", UdpPingDecision.Response)]
    public void What_is_no_request_is_not_answered_and_says_why(string datagram, UdpPingDecision expected)
    {
        var reply = new byte[64];
        Assert.Equal(expected, UdpPingReflector.Decide(Convert.FromHexString(datagram), Asker, reply, out var length));
        Assert.Equal(0, length);
        Assert.Equal(new byte[64], reply);
    }

    [Theory]
    [InlineData("10.0.0.1:0")]
    [InlineData("0.0.0.0:5000")]
    [InlineData("[::]:5000")]
    [InlineData("255.255.255.255:5000")]
    [InlineData("239.1.2.3:5000")]
    [InlineData("[ff02::1]:5000")]
    public void Nobody_and_groups_are_not_answered(string source)
    {
        Assert.Equal(UdpPingDecision.Source, UdpPingReflector.Decide(Convert.FromHexString(Request), Node(source), new byte[64], out var length));
        Assert.Equal(0, length);
    }

    [Theory]
    [InlineData("10.0.0.1:4232")]
    [InlineData("127.0.0.1:4232")]
    [InlineData("[::1]:4232")]
    public void A_request_from_a_reflectors_port_is_answered_once(string source)
    {
        var reply = new byte[64];
        Assert.Equal(UdpPingDecision.Answer, UdpPingReflector.Decide(Convert.FromHexString(Request), Node(source), reply, out var length));
        Assert.Equal(18, length);
        Assert.Equal(UdpPingDecision.Response, UdpPingReflector.Decide(reply.AsSpan(0, length), Node(source), new byte[64], out _));
    }

    [Fact]
    public void Padding_that_does_not_fit_is_cut()
    {
        var reply = new byte[20];
        var request = Convert.FromHexString(Request + "01020304");
        Assert.Equal(UdpPingDecision.Answer, UdpPingReflector.Decide(request, Asker, reply, out var length));
        Assert.Equal(Response + "0102", Convert.ToHexStringLower(reply.AsSpan(0, length)));
        Assert.ThrowsAny<ArgumentException>(() => UdpPingReflector.Decide(request, Asker, new byte[17], out _));
    }

    /// <summary>Whatever is thrown at a reflector, and whoever is said to have thrown it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Nothing_is_amplified_and_no_answer_is_answered(int seed)
    {
        var random = new Random(seed);
        var (reply, second) = (new byte[70_000], new byte[70_000]);
        var answered = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var datagram = Mutation(random);
            var source = Source(random);
            var decision = UdpPingReflector.Decide(datagram, source, reply, out var length);
            Assert.True((decision == UdpPingDecision.Answer) == (length > 0), $"seed {seed}, round {i}: {decision}, {length}");
            Assert.True(length <= datagram.Length, $"seed {seed}, round {i}: {datagram.Length} bytes got {length}");
            if (length > 0)
            {
                answered++;
                var next = UdpPingReflector.Decide(reply.AsSpan(0, length), Source(random), second, out var more);
                Assert.True(next == UdpPingDecision.Response && more == 0, $"seed {seed}, round {i}: {next}");
            }
        }

        // The mutations must leave enough whole for this to have said anything.
        Assert.InRange(answered, 2_000, 19_000);
    }

    /// <summary>Two reflectors that hear each other's every word, given forged datagrams in each other's name.</summary>
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Between_two_reflectors_no_storm_can_be_started(int seed)
    {
        var random = new Random(seed);
        NodeEndpoint[] reflectors = [Node("10.0.0.1:4232"), Node("10.0.0.2:4232")];
        var wire = new Queue<(int To, byte[] Bytes)>();
        var (forged, carried, bytesIn, bytesOut) = (0, 0, 0L, 0L);
        for (var i = 0; i < 2_000; i++)
        {
            var datagram = Mutation(random);
            wire.Enqueue((random.Next(2), datagram));
            forged++;
            bytesIn += datagram.Length;
        }

        for (; wire.TryDequeue(out var flight); carried++)
        {
            Assert.True(carried <= 2 * forged, $"seed {seed}: {carried} datagrams from {forged}");
            var reply = new byte[4096];
            _ = UdpPingReflector.Decide(flight.Bytes, reflectors[1 - flight.To], reply, out var length);
            if (length > 0)
            {
                wire.Enqueue((1 - flight.To, reply[..length]));
                bytesOut += length;
            }
        }

        Assert.InRange(carried, forged + 1, 2 * forged);
        Assert.True(bytesOut <= bytesIn, $"seed {seed}: {bytesIn} bytes caused {bytesOut}");
    }

    /// <summary>A request or response, padded or cut, with some bits flipped or none; or noise.</summary>
    private static byte[] Mutation(Random random)
    {
        var buffer = new byte[random.Next(3) == 0 ? random.Next(0, 3000) : 18];
        random.NextBytes(buffer);
        if (random.Next(8) == 0 || buffer.Length < 18)
        {
            return buffer;
        }

        var id = (ulong)random.NextInt64();
        _ = random.Next(3) == 0
            ? UdpPingWire.WriteResponse(buffer, id, buffer.Length)
            : UdpPingWire.WriteRequest(buffer, id, buffer.Length);
        for (var flips = random.Next(4) - 1; flips > 0; flips--)
        {
            buffer[random.Next(18)] ^= (byte)(1 << random.Next(8));
        }

        return random.Next(6) == 0 ? buffer[..random.Next(buffer.Length + 1)] : buffer;
    }

    private static NodeEndpoint Source(Random random)
    {
        var address = new byte[random.Next(2) == 0 ? 4 : 16];
        random.NextBytes(address);
        return NodeEndpoint.FromBytes(address, random.Next(3) == 0 ? UdpPingWire.ReflectorPort : random.Next(65_536));
    }

    private static NodeEndpoint Node(string text) => NodeEndpoint.TryParse(text, out var node) ? node : throw new FormatException(text);
}
