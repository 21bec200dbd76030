using System.Net;
using System.Net.Sockets;
using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Probing.UdpPing;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.UdpPing;

namespace Meshpulse.Agent.Tests.Hosting;

/// <summary>The reflector on real sockets of the loopback.</summary>
public sealed class ReflectorSocketTests
{
    private readonly UdpPingResponder _responder = new(new ReflectorLimits(), seed: 1);

    [Fact]
    public void It_listens_where_it_was_told_to()
    {
        using var reflector = ReflectorSocket.Open(NodeEndpoint.FromBytes([127, 0, 79, 1], 0));
        Assert.Equal("127.0.79.1", reflector.Local.AddressText);
        Assert.False(reflector.IsFallback);
        using var all = ReflectorSocket.Open(NodeEndpoint.FromBytes([0, 0, 0, 0], 0));
        Assert.False(all.IsFallback);
    }

    [Fact]
    public void Where_the_address_is_not_ours_it_listens_at_all_of_the_family()
    {
        // TEST-NET-1, which nobody has.
        var wanted = NodeEndpoint.FromBytes([192, 0, 2, 1], 0);
        using var reflector = ReflectorSocket.Open(wanted);
        Assert.Equal((true, true, wanted), (reflector.IsFallback, reflector.Local.IsUnspecified, reflector.Wanted));
        Assert.NotEqual(0, reflector.Local.Port);
        Assert.True(Asks(reflector, IPAddress.Parse("127.0.79.2")));
    }

    [Fact]
    public void A_port_in_use_is_no_reason_to_listen_elsewhere()
    {
        using var first = ReflectorSocket.Open(NodeEndpoint.FromBytes([127, 0, 79, 3], 0));
        var refused = Assert.Throws<SocketSetupException>(() => ReflectorSocket.Open(first.Local));
        Assert.Equal(Errno.EADDRINUSE, refused.Error);
    }

    [Theory]
    [InlineData("127.0.79.4")]
    [InlineData("127.0.79.5")]
    public void Bound_to_all_addresses_it_answers_from_the_one_that_was_asked(string address)
    {
        using var reflector = ReflectorSocket.Open(NodeEndpoint.FromBytes([0, 0, 0, 0], 0));
        Assert.True(Asks(reflector, IPAddress.Parse(address)));
    }

    [Fact]
    public void Bound_to_all_addresses_of_IPv6_it_answers_too()
    {
        using var reflector = ReflectorSocket.Open(NodeEndpoint.FromBytes(new byte[16], 0));
        Assert.True(Asks(reflector, IPAddress.IPv6Loopback));
    }

    [Fact]
    public void What_is_no_request_is_counted_and_not_answered()
    {
        using var reflector = ReflectorSocket.Open(NodeEndpoint.FromBytes([127, 0, 79, 6], 0));
        using var client = Client(IPAddress.Loopback);
        var to = new IPEndPoint(reflector.Local.ToIPAddress(), reflector.Local.Port);
        var response = new byte[UdpPingWire.Length];
        UdpPingWire.WriteResponse(response, 1);
        client.SendTo(response, to);
        client.SendTo(new byte[3], to);
        client.SendTo([], to);
        // What comes behind them is answered, so they were seen.
        Assert.True(Asks(reflector, reflector.Local.ToIPAddress()));
        Assert.Equal(0, client.Available);
        Assert.Equal((1L, 2L, 1L), (Count(UdpPingDecision.Response), Count(UdpPingDecision.TooShort), Count(UdpPingDecision.Answer)));
    }

    private static Socket Client(IPAddress address)
    {
        var client = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        client.Bind(new IPEndPoint(address.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0));
        return client;
    }

    private long Count(UdpPingDecision decision) => _responder.CountOf(decision);

    /// <summary>Asks at an address, and says whether the answer came from it and is whole.</summary>
    private bool Asks(ReflectorSocket reflector, IPAddress at)
    {
        using var client = Client(at);
        var request = new byte[200];
        UdpPingWire.WriteRequest(request, 77, request.Length);
        var to = new IPEndPoint(at, reflector.Local.Port);
        client.SendTo(request, to);
        Assert.True(
            SpinWait.SpinUntil(
                () =>
                {
                    reflector.Serve(_responder);
                    return client.Available > 0;
                },
                Eventually.Hang),
            "no answer");
        EndPoint from = new IPEndPoint(at.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        var answer = new byte[300];
        var length = client.ReceiveFrom(answer, ref from);
        Assert.Equal(UdpPingError.None, UdpPingWire.TryRead(answer.AsSpan(0, length), out var message));
        Assert.Equal(new UdpPingMessage(UdpPingType.Response, 77, 182), message);
        return from.Equals(to);
    }
}
