using System.Buffers.Binary;
using Meshpulse.Core.Probing.Trace;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tracing;

/// <summary>
/// A flow of ICMP echoes: one identifier, one checksum; the sequence number is the probe's id. Errors quote eight bytes of the echo at
/// least (RFC 792), which is its head with both numbers.
/// </summary>
internal sealed class IcmpTraceChannel : TraceChannel
{
    private const int HeaderLength = 8;

    private readonly IcmpSocket _socket;
    private readonly TracePayload _payload;
    private ClockPairing _emptiedAt = SystemClocks.Pair();

    private IcmpTraceChannel(int flow, NodeEndpoint target, TracePayload payload, IcmpSocket socket)
        : base(flow, target) => (_payload, _socket) = (payload, socket);

    public override int FlowId => _socket.Identifier;

    /// <exception cref="SocketSetupException">There is no socket to be had.</exception>
    /// <exception cref="TracingException">ICMP is not permitted; the message says what is missing.</exception>
    public static IcmpTraceChannel Open(int flow, int identifier, NodeEndpoint target, TracePayload payload, Poller poller)
    {
        var any = NodeEndpoint.AnyAddress(target.IsV6, 0);
        // A raw socket is given no identifier by the kernel; a datagram socket's must be free, which only the kernel knows.
        var socket = IcmpSocket.Open(any, 0, UdpOptions.Probe, out var access);
        if (socket is { Kind: IcmpSocketKind.Raw })
        {
            socket.Dispose();
            socket = IcmpSocket.Open(any, identifier, UdpOptions.Probe, out access);
        }

        if (socket is null)
        {
            throw new TracingException(access.ToString());
        }

        _ = poller.Add(socket, flow, PollInterest.Read);
        return new IcmpTraceChannel(flow, target, payload, socket);
    }

    protected override Errno Send(TraceProbe probe, NodeEndpoint to, out MonoTime sent)
    {
        Span<byte> packet = stackalloc byte[TracePayload.Length];
        _payload.Write(packet, probe.Id);
        var error = _socket.SetTimeToLive(probe.TimeToLive);
        sent = SystemClocks.Mono();
        return error != Errno.None ? error : _socket.SendEcho(to, probe.Id, packet[sizeof(ushort)..]).Error;
    }

    public override void Take(TraceIntake intake)
    {
        var before = SystemClocks.Pair();
        TakeErrors(_socket, intake.Errors, (in error, quoted) =>
        {
            if (error.Destination.SameAddress(Target) && TryRead(quoted, out var id))
            {
                intake.Take(Flow, id, error, _emptiedAt);
            }
            else if (_socket.Kind == IcmpSocketKind.Datagram)
            {
                // A raw socket is told of everybody's.
                intake.Refuse();
            }
        });
        TakeReplies(intake);
        _emptiedAt = before;
    }

    public override void Dispose() => _socket.Dispose();

    private void TakeReplies(TraceIntake intake)
    {
        IoResult result;
        do
        {
            result = _socket.ReceiveReplies(intake.Arrivals, intake.Replies);
            for (var i = 0; i < result.Count; i++)
            {
                var reply = intake.Replies[i];
                ref readonly var arrival = ref intake.Arrivals[reply.Slot];
                if (arrival.Remote.SameAddress(Target) && IsOurs(reply.Sequence, reply.Payload(intake.Arrivals), isWhole: true))
                {
                    var arrived = intake.Place(arrival.Stamp, arrival.HasStamp, _emptiedAt);
                    intake.TakeFromTarget(Flow, reply.Sequence, arrived, arrival.TimeToLive);
                }
                else
                {
                    intake.Refuse();
                }
            }
        }
        while (result.Ok && intake.Arrivals.Count == intake.Arrivals.Capacity);
    }

    private bool TryRead(ReadOnlySpan<byte> quoted, out int id)
    {
        id = 0;
        if (quoted.Length < HeaderLength || BinaryPrimitives.ReadUInt16BigEndian(quoted[4..]) != _socket.Identifier)
        {
            return false;
        }

        id = BinaryPrimitives.ReadUInt16BigEndian(quoted[6..]);
        return IsOurs(id, quoted[HeaderLength..], isWhole: false);
    }

    /// <summary>What followed the sequence number, as far as it is there.</summary>
    private bool IsOurs(int id, ReadOnlySpan<byte> bytes, bool isWhole)
    {
        Span<byte> expected = stackalloc byte[TracePayload.Length];
        _payload.Write(expected, id);
        expected = expected[sizeof(ushort)..];
        var length = Math.Min(expected.Length, bytes.Length);
        return (!isWhole || bytes.Length == expected.Length) && bytes[..length].SequenceEqual(expected[..length]);
    }
}
