using System.Net;
using System.Net.Sockets;
using Meshpulse.Core.Probing.StampReflector;
using Meshpulse.Core.Time;
using Meshpulse.Lab.Networks;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Lab.Sounding;

/// <summary>
/// A reflector in a host of the lab whose wall clock is wrong in a way that the test says. Time namespaces don't shift the wall clock, so it is the
/// responder's own clock that does: the decisions are those of the real program, the socket is a plain one.
/// </summary>
internal sealed class ClockedReflector : IDisposable
{
    private readonly Socket _socket;
    private readonly Func<ClockReading, Duration> _offset;
    private readonly bool _followsUp;
    private readonly NodeEndpoint _local;
    private readonly StampResponder _responder = new(new StampResponderOptions(), 1);
    private readonly Thread _thread;
    private Exception? _failure;
    private long _offsetThen;

    private ClockedReflector(Socket socket, IPEndPoint local, bool followsUp, Func<ClockReading, Duration> offset)
    {
        (_socket, _offset, _followsUp) = (socket, offset, followsUp);
        _local = NodeEndpoint.From(local.Address, local.Port);
        _thread = new Thread(Run) { IsBackground = true, Name = "wrong clock" };
        _thread.Start();
    }

    /// <summary>By how much its clock was ahead when the last reply left.</summary>
    public Duration Offset => new(Interlocked.Read(ref _offsetThen));

    /// <summary>Begins to answer at STAMP's port.</summary>
    /// <param name="host">Where.</param>
    /// <param name="followsUp">Tells senders that ask when the reply before left. It knows no better than T3, which is right but not as good.</param>
    /// <param name="offset">By how much its clock is ahead of this machine's at a reading.</param>
    public static async Task<ClockedReflector> StartAsync(LabHost host, bool followsUp, Func<ClockReading, Duration> offset)
    {
        var local = new IPEndPoint(host.V4, ProbePath.Port);
        return await host.Network.InsideAsync(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(local);
            return new ClockedReflector(socket, local, followsUp, offset);
        });
    }

    /// <summary>Ends it; fails where it did not serve to its end.</summary>
    public void Dispose()
    {
        _socket.Dispose();
        _thread.Join();
        Assert.Null(_failure);
    }

    private void Run()
    {
        var request = new byte[2_048];
        var reply = new byte[2_048];
        try
        {
            for (long number = 0; ; number++)
            {
                EndPoint source = new IPEndPoint(IPAddress.Any, 0);
                var length = _socket.ReceiveFrom(request, ref source);
                Answer(number, request.AsSpan(0, length), (IPEndPoint)source, reply);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The end.
        }
        catch (Exception e)
        {
            _failure = e;
        }
    }

    private void Answer(long number, ReadOnlySpan<byte> request, IPEndPoint source, byte[] buffer)
    {
        var now = SystemClocks.Mono();
        var arrival = new StampArrival(now, Read(number, isSending: false, out _), NodeEndpoint.From(source.Address, source.Port), _local);
        if (_responder.Decide(arrival, request, buffer, out var reply) != StampDecision.Answer)
        {
            return;
        }

        var sent = Read(number, isSending: true, out var offset);
        _responder.Seal(reply, sent, buffer);
        Interlocked.Exchange(ref _offsetThen, offset.Nanoseconds);
        _ = _socket.SendTo(buffer.AsSpan(0, reply.Length), source);
        if (_followsUp)
        {
            _responder.OnTransmitted(reply.Token, sent);
        }
    }

    private WallTime Read(long number, bool isSending, out Duration offset)
    {
        var clocks = SystemClocks.Pair();
        offset = _offset(new ClockReading(clocks.Mono, number, isSending));
        return clocks.Wall + offset;
    }
}
