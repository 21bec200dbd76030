using Meshpulse.Core.Probing.UdpPing;
using Meshpulse.Core.Time;
using Meshpulse.Sim.Network;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.UdpPing;

namespace Meshpulse.Sim.Hosts;

/// <summary>
/// A host that is probed: the real <see cref="UdpPingResponder"/> behind a receive queue, a kernel that answers ICMP echoes whatever its
/// processes do, and a TCP port that takes every call. Its process can be stalled: requests wait, and those beyond the queue are dropped.
/// </summary>
public sealed class SimReflector : ISimDatagramHost, ISimHost
{
    private readonly SimDatagrams _datagrams;
    private readonly Queue<SimDatagram> _queue = [];
    private readonly byte[] _reply = new byte[UdpPingWire.MaxLength];
    private MonoTime _stalledUntil;

    /// <summary>Starts one.</summary>
    /// <param name="datagrams">The network.</param>
    /// <param name="self">Where it listens, for UDP and TCP.</param>
    /// <param name="limits">How much it answers.</param>
    /// <param name="seed">Of the responder.</param>
    public SimReflector(SimDatagrams datagrams, NodeEndpoint self, ReflectorLimits limits, ulong seed)
    {
        (_datagrams, Self, Responder) = (datagrams, self, new UdpPingResponder(limits, seed));
        datagrams.Bind(self, this);
        datagrams.Bind(self.WithPort(0), this);
        datagrams.Network.Listen(self, this);
    }

    /// <summary>Where it listens.</summary>
    public NodeEndpoint Self { get; }

    /// <summary>The responder that is being tried.</summary>
    public UdpPingResponder Responder { get; }

    /// <summary>Requests that may wait while the process is stalled.</summary>
    public int QueueLimit { get; set; } = 10_000;

    /// <summary>Requests that the queue had no room for.</summary>
    public long Dropped { get; private set; }

    /// <summary>When it answered whom, in order.</summary>
    public List<(MonoTime At, NodeEndpoint Source)> Answers { get; } = [];

    /// <summary>Its processes don't run for a while.</summary>
    public void Stall(Duration span)
    {
        _stalledUntil = _datagrams.Network.Clock.Now + span;
        _datagrams.Network.Clock.At(_stalledUntil, Serve);
    }

    void ISimDatagramHost.Arrived(SimDatagram datagram)
    {
        if (datagram.To.Port == 0)
        {
            _datagrams.Send(datagram.To, datagram.From, datagram.Bytes, datagram);
            return;
        }

        if (_queue.Count >= QueueLimit)
        {
            Dropped++;
            return;
        }

        _queue.Enqueue(datagram);
        Serve();
    }

    void ISimDatagramHost.Unreachable(NodeEndpoint local, NodeEndpoint remote)
    {
    }

    void ISimHost.Accepted(SimSocket socket) => socket.Close();

    void ISimHost.Connected(int connection, SimSocket socket)
    {
    }

    void ISimHost.DialFailed(int connection, Core.Membership.DialFailure failure)
    {
    }

    void ISimHost.Readable(SimSocket socket)
    {
    }

    private void Serve()
    {
        var now = _datagrams.Network.Clock.Now;
        while (now >= _stalledUntil && _queue.TryDequeue(out var request))
        {
            if (Responder.Respond(now, request.Bytes, request.From, _reply, out var length) == UdpPingDecision.Answer)
            {
                Answers.Add((now, request.From));
                _datagrams.Send(Self, request.From, _reply.AsSpan(0, length), request);
            }
        }
    }
}
