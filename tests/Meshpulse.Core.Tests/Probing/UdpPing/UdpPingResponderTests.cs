using Meshpulse.Core.Probing.UdpPing;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.UdpPing;

namespace Meshpulse.Core.Tests.Probing.UdpPing;

public sealed class UdpPingResponderTests
{
    private static readonly NodeEndpoint Asker = Node("10.0.0.1:40000");

    [Fact]
    public void Every_datagram_is_counted_once_under_what_was_decided()
    {
        var responder = new UdpPingResponder(new ReflectorLimits { SourceRate = 1, SourceBurst = 2, TotalRate = 1, TotalBurst = 3 }, 1);
        var (request, response) = (new byte[18], new byte[18]);
        _ = UdpPingWire.WriteRequest(request, 9);
        _ = UdpPingWire.WriteResponse(response, 9);
        byte[][] datagrams =
        [
            request, [], response, [.. new byte[18]], [.. request[..7], 9, .. request[8..]], [.. request[..17], 3],
            request, request, response,
        ];
        foreach (var datagram in datagrams)
        {
            Respond(responder, datagram, Asker);
        }

        Respond(responder, request, Asker.WithPort(0));
        Respond(responder, request, Node("10.0.0.2:1"));
        Respond(responder, request, Node("10.0.0.3:1"));
        Assert.Equal(
            [3, 1, 1, 1, 1, 2, 1, 1, 1],
            Enum.GetValues<UdpPingDecision>().Select(responder.CountOf));
        Assert.Equal(0, responder.Evictions);
    }

    [Fact]
    public void What_is_not_answered_takes_nothing_of_the_share()
    {
        var responder = new UdpPingResponder(new ReflectorLimits { SourceRate = 1, SourceBurst = 1 }, 1);
        var bytes = new byte[18];
        _ = UdpPingWire.WriteResponse(bytes, 9);
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(UdpPingDecision.Response, Respond(responder, bytes, Asker));
        }

        _ = UdpPingWire.WriteRequest(bytes, 9);
        Assert.Equal(UdpPingDecision.Answer, Respond(responder, bytes, Asker));
        Assert.Equal(UdpPingDecision.SourceLimit, Respond(responder, bytes, Asker));
    }

    /// <summary>Reflectors that hear each other's every word, fed with requests and responses in each other's name.</summary>
    [Theory]
    [InlineData(61)]
    [InlineData(62)]
    public void Between_reflectors_no_storm_can_be_started(ulong seed)
    {
        var random = new SplitMix64(seed);
        var nodes = Enumerable.Range(1, 3).Select(i => Node($"10.0.0.{i}:4232")).ToArray();
        var responders = nodes.Select((_, i) => new UdpPingResponder(new ReflectorLimits(), seed + (ulong)i)).ToArray();
        var wire = new Queue<(int From, int To, byte[] Bytes)>();
        for (var i = 0; i < 1_000; i++)
        {
            var bytes = new byte[18 + random.Below(100)];
            _ = random.Below(2) == 0 ? UdpPingWire.WriteRequest(bytes, random.Next(), bytes.Length) : UdpPingWire.WriteResponse(bytes, random.Next(), bytes.Length);
            // Itself included: a datagram that claims to be from its own target.
            wire.Enqueue((random.Below(3), random.Below(3), bytes));
        }

        var carried = 0;
        for (; wire.TryDequeue(out var flight); carried++)
        {
            Assert.True(carried <= 2_000, $"seed {seed}: a storm");
            var reply = new byte[256];
            _ = responders[flight.To].Respond(new MonoTime(carried), flight.Bytes, nodes[flight.From], reply, out var length);
            if (length > 0)
            {
                wire.Enqueue((flight.To, flight.From, reply[..length]));
            }
        }

        var answers = responders.Sum(r => r.CountOf(UdpPingDecision.Answer));
        Assert.InRange(answers, 100, 900);
        Assert.Equal(1_000 + answers, carried);
    }

    [Fact]
    public void Answering_allocates_nothing()
    {
        var responder = new UdpPingResponder(new ReflectorLimits(), 1);
        var (request, reply) = (new byte[64], new byte[64]);
        _ = UdpPingWire.WriteRequest(request, 9, 64);
        _ = responder.Respond(default, request, Asker, reply, out _);
        var now = 0L;
        Assert.Equal(0, Allocations.Least(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                _ = responder.Respond(new MonoTime(++now * 1_000_000), request, Asker, reply, out _);
            }
        }));
        Assert.Equal(3_001, responder.CountOf(UdpPingDecision.Answer));
    }

    private static UdpPingDecision Respond(UdpPingResponder responder, byte[] datagram, NodeEndpoint source)
    {
        var decision = responder.Respond(default, datagram, source, new byte[64], out var length);
        Assert.Equal(decision == UdpPingDecision.Answer ? datagram.Length : 0, length);
        return decision;
    }

    private static NodeEndpoint Node(string text) => NodeEndpoint.TryParse(text, out var node) ? node : throw new FormatException(text);
}
