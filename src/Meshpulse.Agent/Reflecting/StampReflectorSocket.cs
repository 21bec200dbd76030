using Meshpulse.Core.Probing.StampReflector;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Agent.Reflecting;

/// <summary>
/// A socket that STAMP packets come to: hands them to the responder and sends what that says, from the address that was asked.
/// <para>
/// The times. T2 is the kernel's receive stamp: how long the packet lay here before we read it is then in T3 - T2, which
/// senders subtract. T3 is our clock, read when all else is done, and still the send call comes after it. So senders
/// that ask for it (Follow-Up Telemetry, RFC 8972, section 4.7) are told the kernel's stamp of the reply's leaving in the reply after it; as it
/// costs more than all the rest, it is taken for those replies alone whose requests asked.
/// </para>
/// <para>One thread; allocates nothing after it was made.</para>
/// </summary>
internal sealed class StampReflectorSocket : IDisposable
{
    // Some 20,000 packets of the usual size: what a reflector of 50,000 a second gets while it is kept from its processor for almost half a second.
    private const int ReceiveBuffer = 8 * 1024 * 1024;
    private const int SendBuffer = 1024 * 1024;
    private const int TimeToLive = 255;
    private const int BatchesPerTurn = 4;

    /// <summary>A power of two; as many replies may be on their way to their stamps.</summary>
    private const int StampsAwaited = 1_024;

    // A stamp that is further from our own reading is one from across a step of the clock.
    private static readonly Duration s_longestSend = Duration.FromSeconds(1);

    private readonly UdpSocket _socket;
    private readonly StampResponderOptions _options;
    private readonly int _base;

    // Untouched room of a batch has no memory behind it: a page or two for a datagram of the usual sizes.
    private readonly UdpBatch _batch = new(64, StampWire.MaxLength);
    private readonly byte[] _reply = new byte[StampWire.MaxLength];
    private readonly UdpErrorBatch _stamps = new(64, 0);
    private readonly Awaited[] _awaited = new Awaited[StampsAwaited];
    private int _dscp;
    private uint _seenDrops;

    private StampReflectorSocket(UdpSocket socket, StampResponderOptions options)
    {
        (_socket, _options) = (socket, options);
        _base = StampWire.LengthOf(options.Mode);
    }

    /// <summary>Where it listens.</summary>
    public NodeEndpoint Local => _socket.LocalEndpoint;

    /// <summary>For the poller.</summary>
    public UdpSocket Socket => _socket;

    /// <summary>Replies that this host refused to send.</summary>
    public long Unsent { get; private set; }

    /// <summary>Packets whose T2 is the kernel's stamp.</summary>
    public long KernelStamps { get; private set; }

    /// <summary>Packets of which the time of reading is all that is known.</summary>
    public long UserStamps { get; private set; }

    /// <summary>Replies whose leaving the kernel stamped.</summary>
    public long SendStamps { get; private set; }

    /// <summary>Packets that our own receive queue dropped, as of the last <see cref="CountDrops"/>.</summary>
    public long Drops { get; private set; }

    /// <summary>Listens.</summary>
    /// <param name="local">Address and port; an unspecified address takes what comes to any of its family, port 0 takes a free one.</param>
    /// <param name="options">Those of the responder that will serve it.</param>
    /// <exception cref="SocketSetupException">The address is in use, not of this host or not permitted.</exception>
    public static StampReflectorSocket Open(NodeEndpoint local, StampResponderOptions options) =>
        new(
            UdpSocket.Open(local, UdpOptions.Reflector with
            {
                Stamps = UdpStamps.ReceiveAndSend,
                ReceiveBuffer = ReceiveBuffer,
                SendBuffer = SendBuffer,
                TimeToLive = TimeToLive,
            }),
            options);

    /// <summary>Answers what waits, at most some hundred packets: the thread has other sockets.</summary>
    public void Serve(StampResponder responder)
    {
        Collect(responder);
        for (var i = 0; i < BatchesPerTurn; i++)
        {
            var received = _socket.ReceiveBatch(_batch);
            if (!received.Ok)
            {
                return;
            }

            if (Answer(responder))
            {
                Collect(responder);
            }

            if (received.Count < _batch.Capacity)
            {
                return;
            }
        }
    }

    /// <summary>Asks the kernel what it dropped; one call, for once a second.</summary>
    public void CountDrops()
    {
        if (_socket.TryGetDrops(out var drops))
        {
            Drops += drops - _seenDrops;
            _seenDrops = drops;
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>True where a stamp was asked for.</summary>
    private bool Answer(StampResponder responder)
    {
        var now = SystemClocks.Pair();
        var stamped = false;
        for (var i = 0; i < _batch.Count; i++)
        {
            ref readonly var arrival = ref _batch[i];
            var bytes = _batch.Bytes(i);
            if (responder.Decide(Known(arrival, now), bytes, _reply, out var reply) == StampDecision.Answer)
            {
                stamped |= Send(responder, arrival, reply, AsksWhenItLeft(bytes, reply));
            }
        }

        return stamped;
    }

    private StampArrival Known(in UdpArrival arrival, ClockPairing now)
    {
        // A stamp after our own reading is one from before a step of the clock: T3 would be earlier.
        var fromKernel = arrival.HasStamp && arrival.Stamp <= now.Wall;
        KernelStamps += fromKernel ? 1 : 0;
        UserStamps += fromKernel ? 0 : 1;
        return new StampArrival(
            now.Mono,
            fromKernel ? arrival.Stamp : now.Wall,
            arrival.Remote,
            arrival.LocalAddress.IsUnspecified ? _socket.LocalEndpoint : arrival.LocalAddress)
        {
            Ttl = arrival.TimeToLive < 0 ? (byte)TimeToLive : (byte)arrival.TimeToLive,
            TrafficClass = arrival.TypeOfService < 0 ? (byte)0 : (byte)arrival.TypeOfService,
        };
    }

    private bool Send(StampResponder responder, in UdpArrival arrival, in StampReply reply, bool stamped)
    {
        if (reply.Dscp != _dscp && _socket.SetTypeOfService(reply.Dscp << 2) == Errno.None)
        {
            _dscp = reply.Dscp;
        }

        var bytes = _reply.AsSpan(0, reply.Length);
        var sent = SystemClocks.Wall();
        responder.Seal(reply, sent, bytes);
        uint id = 0;
        var result = stamped
            ? _socket.SendStamped(bytes, arrival.Remote, arrival.LocalAddress, out id)
            : _socket.SendTo(bytes, arrival.Remote, arrival.LocalAddress);
        if (!result.Ok)
        {
            responder.Abandon(reply.Token);
            Unsent++;
            return false;
        }

        if (stamped)
        {
            _awaited[id % StampsAwaited] = new Awaited(id, reply.Token, sent);
        }

        return stamped;
    }

    private bool AsksWhenItLeft(ReadOnlySpan<byte> request, in StampReply reply)
    {
        if (request.Length <= _base || !_options.ProcessTlvs || _options.Stateless
            || reply.TlvIntegrity == StampTlvIntegrity.Failed || _socket.Stamps != UdpStamps.ReceiveAndSend)
        {
            return false;
        }

        foreach (var tlv in new StampTlvReader(request[_base..]))
        {
            if (tlv.IsMalformed)
            {
                return false;
            }

            if (tlv.Type == StampTlvType.FollowUpTelemetry)
            {
                return true;
            }
        }

        return false;
    }

    private void Collect(StampResponder responder)
    {
        // What they cost is bounded by what we sent, but for one turn this is enough.
        for (var i = 0; i < BatchesPerTurn; i++)
        {
            var taken = _socket.ReceiveErrors(_stamps);
            for (var n = 0; n < _stamps.Count; n++)
            {
                Take(responder, _stamps[n]);
            }

            if (!taken.Ok || taken.Count < _stamps.Capacity)
            {
                return;
            }
        }
    }

    private void Take(StampResponder responder, in UdpError stamp)
    {
        if (stamp.Kind != UdpErrorKind.SendStamp || !stamp.HasStamp)
        {
            return;
        }

        ref readonly var awaited = ref _awaited[stamp.StampId % StampsAwaited];
        if (awaited.Id == stamp.StampId && stamp.Stamp >= awaited.Sent && stamp.Stamp - awaited.Sent <= s_longestSend)
        {
            SendStamps++;
            responder.OnTransmitted(awaited.Token, stamp.Stamp, StampTimestampMethod.SoftwareLocal);
        }
    }

    private readonly record struct Awaited(uint Id, StampReplyToken Token, WallTime Sent);
}
