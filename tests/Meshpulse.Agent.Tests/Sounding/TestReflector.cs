using System.Net;
using System.Net.Sockets;
using Meshpulse.Core.Probing.StampReflector;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Sounding;

/// <summary>A reflector on loopback that loses, copies and forgets by script.</summary>
internal sealed class TestReflector : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Thread _thread;
    private readonly Func<StampResponder> _make;
    private StampResponder _responder;
    private (byte[] Reply, IPEndPoint To)? _held;
    private long _seen;

    /// <param name="make">Makes the responder, and a new one at each restart.</param>
    public TestReflector(Func<StampResponder> make)
    {
        _make = make;
        _responder = make();
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _thread = new Thread(Run) { IsBackground = true };
    }

    public NodeEndpoint Endpoint => NodeEndpoint.From(IPAddress.Loopback, ((IPEndPoint)_socket.LocalEndPoint!).Port);

    /// <summary>What to do with the packet of this number, of all that came, from 0.</summary>
    public Func<long, Fate> Script { get; init; } = _ => Fate.Answer;

    /// <summary>By how much this side's clock is ahead.</summary>
    public Duration Offset { get; init; }

    /// <summary>What this side believes of where a request comes from: as if it had been translated on the way.</summary>
    public Func<NodeEndpoint, NodeEndpoint> Translate { get; init; } = source => source;

    /// <summary>TOS with which requests seem to arrive.</summary>
    public byte TrafficClass { get; init; }

    /// <summary>Requests that came, those that the script loses included.</summary>
    public long Seen => Interlocked.Read(ref _seen);

    public TestReflector Start()
    {
        _thread.Start();
        return this;
    }

    public void Dispose()
    {
        _socket.Dispose();
        _thread.Join();
    }

    private void Run()
    {
        var (request, buffer) = (new byte[65_536], new byte[65_536]);
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        try
        {
            while (true)
            {
                var length = _socket.ReceiveFrom(request, ref from);
                Take(request.AsSpan(0, length), buffer, (IPEndPoint)from);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private void Take(ReadOnlySpan<byte> request, byte[] buffer, IPEndPoint from)
    {
        var received = SystemClocks.Wall() + Offset;
        var fate = Script(_seen);
        _ = Interlocked.Increment(ref _seen);
        if (fate == Fate.LoseForward)
        {
            return;
        }

        if (fate == Fate.RestartAndAnswer)
        {
            _responder = _make();
        }

        var source = Translate(NodeEndpoint.From(from.Address, from.Port));
        var arrival = new StampArrival(SystemClocks.Mono(), received, source, Endpoint) { Ttl = 64, TrafficClass = TrafficClass };
        if (_responder.Decide(arrival, request, buffer, out var reply) != StampDecision.Answer)
        {
            return;
        }

        _responder.Seal(reply, SystemClocks.Wall() + Offset, buffer);
        if (fate == Fate.AnswerBehindNext)
        {
            _held = (buffer[..reply.Length], from);
            return;
        }

        for (var copies = fate switch { Fate.LoseBackward => 0, Fate.AnswerTwice => 2, _ => 1 }; copies > 0; copies--)
        {
            _ = _socket.SendTo(buffer, 0, reply.Length, SocketFlags.None, from);
        }

        if (fate != Fate.LoseBackward && _held is { } held)
        {
            _held = null;
            _ = _socket.SendTo(held.Reply, held.To);
        }
    }
}
