using Meshpulse.Core.Probing.UdpPing;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Hosting;

/// <summary>The reflector's socket: hands what comes to the responder, and sends what that says from the address that was asked.</summary>
internal sealed class ReflectorSocket : IDisposable
{
    private const int ReceiveBuffer = 4 * 1024 * 1024;
    private const int LongestPing = 9216;
    private const int BatchesPerTurn = 4;

    private readonly UdpSocket _socket;
    private readonly UdpBatch _batch = new(64, LongestPing);
    private readonly byte[] _reply = new byte[LongestPing];
    private ClockPairing _emptiedAt = SystemClocks.Pair();

    private ReflectorSocket(UdpSocket socket, NodeEndpoint wanted, long unsent) => (_socket, Wanted, Unsent) = (socket, wanted, unsent);

    /// <summary>Where it was to listen.</summary>
    public NodeEndpoint Wanted { get; }

    /// <summary>Where it listens.</summary>
    public NodeEndpoint Local => _socket.LocalEndpoint;

    /// <summary>The address that was wanted is not this host's, so it listens at all of them.</summary>
    public bool IsFallback => !Local.SameAddress(Wanted);

    /// <summary>For the poller.</summary>
    public UdpSocket Socket => _socket;

    /// <summary>Answers that this host refused to send.</summary>
    public long Unsent { get; private set; }

    /// <summary>
    /// Listens at an address, or at all of the same family where it is not this host's (NAT, floating addresses).
    /// </summary>
    /// <param name="wanted">Where.</param>
    /// <param name="unsent">What <see cref="Unsent"/> goes on from: a counter does not fall because the socket is another one.</param>
    /// <exception cref="SocketSetupException">The port is in use or not permitted.</exception>
    public static ReflectorSocket Open(NodeEndpoint wanted, long unsent = 0)
    {
        var options = UdpOptions.Reflector with { ReceiveBuffer = ReceiveBuffer };
        try
        {
            return new ReflectorSocket(UdpSocket.Open(wanted, options), wanted, unsent);
        }
        catch (SocketSetupException e) when (e.Error == Errno.EADDRNOTAVAIL)
        {
            return new ReflectorSocket(UdpSocket.Open(NodeEndpoint.AnyAddress(wanted.IsV6, wanted.Port), options), wanted, unsent);
        }
    }

    /// <summary>Answers what waits, at most some hundred datagrams: a flood must not keep the thread.</summary>
    /// <param name="responder">What decides.</param>
    /// <param name="delays">Takes how long stamped requests lay here before they were read, which nothing tells the other side; may be null.</param>
    public void Serve(UdpPingResponder responder, DelayBuckets? delays = null)
    {
        var looked = SystemClocks.Pair();
        for (var i = 0; i < BatchesPerTurn; i++)
        {
            var received = _socket.ReceiveBatch(_batch);
            var read = SystemClocks.Pair();
            if (!received.Ok)
            {
                return;
            }

            Answer(responder, read, delays);
            if (received.Count < _batch.Capacity)
            {
                // Everything before this look has been taken: no stamp to come is older.
                _emptiedAt = looked;
                return;
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private void Answer(UdpPingResponder responder, ClockPairing read, DelayBuckets? delays)
    {
        for (var i = 0; i < _batch.Count; i++)
        {
            ref readonly var arrival = ref _batch[i];
            if (delays is not null && arrival.HasStamp && read.TryPlace(arrival.Stamp, _emptiedAt, out var arrived))
            {
                delays.Record(read.Mono - arrived);
            }

            _ = responder.Respond(read.Mono, _batch.Bytes(i), arrival.Remote, _reply, out var length);
            if (length > 0 && !_socket.SendTo(_reply.AsSpan(0, length), arrival.Remote, arrival.LocalAddress).Ok)
            {
                Unsent++;
            }
        }
    }
}
