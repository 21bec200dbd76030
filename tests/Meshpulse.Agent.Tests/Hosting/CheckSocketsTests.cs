using System.Net;
using System.Net.Sockets;
using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Checks;
using Meshpulse.Core.Config;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Probing.Ping;
using Meshpulse.Core.Probing.UdpPing;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.UdpPing;

namespace Meshpulse.Agent.Tests.Hosting;

/// <summary>The checks' transport on real sockets of the loopback, turned by the test as the probing thread does it.</summary>
public sealed class CheckSocketsTests : IDisposable
{
    private const int Refused = 111;

    private readonly Poller _waking = new(64);
    private readonly PollEvent[] _events = new PollEvent[64];
    private readonly RecordingCheckObserver _seen = new();
    private readonly CheckSockets _sockets;
    private readonly CheckNode _node;

    public CheckSocketsTests()
    {
        _sockets = new CheckSockets(_waking, static _ => false);
        _node = new CheckNode(_sockets, _seen, new SplitMix64(4), SystemClocks.Mono());
    }

    public void Dispose()
    {
        _sockets.Dispose();
        _waking.Dispose();
    }

    [Fact]
    public void An_icmp_error_is_counted_on_the_probe_that_it_is_about()
    {
        using var reflector = ReflectorSocket.Open(NodeEndpoint.FromBytes([127, 0, 80, 1], 0));
        var responder = new UdpPingResponder(new ReflectorLimits(), seed: 1);
        // Nobody listens at that port of the other two addresses; all three go by one socket.
        Add(1, CheckKind.UdpPing, reflector.Local);
        Add(2, CheckKind.UdpPing, NodeEndpoint.FromBytes([127, 0, 80, 2], reflector.Local.Port));
        Add(3, CheckKind.UdpPing, NodeEndpoint.FromBytes([127, 0, 80, 3], reflector.Local.Port));
        TurnUntil(
            () =>
            {
                reflector.Serve(responder);
                return _seen.IcmpErrors.Count(e => e.Probe == 2) > 3 && _seen.IcmpErrors.Count(e => e.Probe == 3) > 3 && _seen.CountOf(1, PingOutcome.Answered) > 3;
            });
        Assert.All(_seen.IcmpErrors, e => Assert.Equal(Refused, e.Error));
        Assert.DoesNotContain(_seen.IcmpErrors, e => e.Probe == 1);
        Assert.Equal((0, 0), (_seen.CountOf(2, PingOutcome.Answered), _seen.CountOf(3, PingOutcome.Answered)));
        Assert.DoesNotContain(_seen.Unsent, u => u.Cause != UnsentCause.Late);
        Assert.True(_sockets.Traffic.KernelStamps > 0, "nothing was stamped by the kernel");
    }

    [Fact]
    public void A_connection_stands_or_is_refused()
    {
        using var listener = new TcpListener(IPAddress.Parse("127.0.80.4"), 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Add(1, CheckKind.Tcp, NodeEndpoint.FromBytes([127, 0, 80, 4], port));
        Add(2, CheckKind.Tcp, NodeEndpoint.FromBytes([127, 0, 80, 5], port));
        TurnUntil(() =>
        {
            while (listener.Pending())
            {
                listener.AcceptSocket().Dispose();
            }

            return _seen.CountOf(1, PingOutcome.Answered) > 5 && _seen.CountOf(2, PingOutcome.Lost) > 5;
        });
        Assert.All(_seen.Decided.Where(d => d.Probe == 1), d => Assert.True(d.Decision.Latency > Duration.Zero));
        Assert.All(_seen.Decided.Where(d => d.Probe == 2), d => Assert.Equal((PingOutcome.Lost, Refused), (d.Decision.Outcome, d.Error)));
    }

    [Fact]
    public void Two_probes_to_one_endpoint_go_by_sockets_of_their_own_and_all_others_by_one()
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        server.Bind(new IPEndPoint(IPAddress.Parse("127.0.80.6"), 0));
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        other.Bind(new IPEndPoint(IPAddress.Parse("127.0.80.7"), 0));
        Add(1, CheckKind.UdpPing, Endpoint(server));
        Add(2, CheckKind.UdpPing, Endpoint(server));
        Add(3, CheckKind.UdpPing, Endpoint(other));
        HashSet<int> ports = [];
        HashSet<int> otherPorts = [];
        TurnUntil(() =>
        {
            Reflect(server, ports);
            Reflect(other, otherPorts);
            return Enumerable.Range(1, 3).All(id => _seen.CountOf(id, PingOutcome.Answered) > 10);
        });
        Assert.Equal((2, 1), (ports.Count, otherPorts.Count));
        Assert.Subset(ports, otherPorts);
        Assert.DoesNotContain(_seen.Decided, d => d.Decision.Outcome is PingOutcome.Unknown or PingOutcome.Duplicate);
        Assert.Empty(_seen.Strays);
    }

    [Fact]
    public void An_answer_from_another_port_of_the_target_is_a_stray()
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        server.Bind(new IPEndPoint(IPAddress.Parse("127.0.80.8"), 0));
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        other.Bind(new IPEndPoint(IPAddress.Parse("127.0.80.8"), 0));
        Add(1, CheckKind.UdpPing, Endpoint(server));
        TurnUntil(() =>
        {
            Reflect(server, [], other);
            return _seen.Strays.Count > 3;
        });
        Assert.All(_seen.Strays, s => Assert.Equal((StrayKind.WrongAddress, Endpoint(other)), s));
        Assert.Equal(0, _seen.CountOf(1, PingOutcome.Answered));
    }

    private static NodeEndpoint Endpoint(Socket socket) => NodeEndpoint.From(((IPEndPoint)socket.LocalEndPoint!).Address, ((IPEndPoint)socket.LocalEndPoint).Port);

    /// <summary>Answers all that waits, and notes the ports that it came from.</summary>
    private static void Reflect(Socket server, HashSet<int> ports, Socket? by = null)
    {
        var buffer = new byte[100];
        while (server.Available > 0)
        {
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            var length = server.ReceiveFrom(buffer, ref from);
            ports.Add(((IPEndPoint)from).Port);
            Assert.Equal(UdpPingError.None, UdpPingWire.TryRead(buffer.AsSpan(0, length), out var request));
            var response = new byte[length];
            UdpPingWire.WriteResponse(response, request.Id, length);
            (by ?? server).SendTo(response, from);
        }
    }

    private void Add(int id, CheckKind kind, NodeEndpoint target) => _node.Add(
        new CheckProbe(id, new ProbeSettings(kind, Duration.FromMilliseconds(5), Duration.FromSeconds(30), 18, 0)), target, SystemClocks.Mono());

    private void TurnUntil(Func<bool> reached) => Assert.True(
        SpinWait.SpinUntil(
            () =>
            {
                var count = _waking.Wait(_events, Duration.FromMilliseconds(1)).Count;
                for (var i = 0; i < count; i++)
                {
                    _sockets.Serve(_node, _events[i].Token);
                }

                _sockets.Look(_node, SystemClocks.Pair());
                while (_node.TrySendNext(SystemClocks.Mono()))
                {
                }

                return reached();
            },
            Eventually.Hang),
        $"did not come about: {string.Join(", ", _seen.Decided.Take(10))} {_seen.IcmpErrors.Count} errors, unsent {string.Join(", ", _seen.Unsent.Take(5))}");
}
