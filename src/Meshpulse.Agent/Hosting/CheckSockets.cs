using Meshpulse.Core.Checks;
using Meshpulse.Core.Config;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Hosting;

/// <summary>
/// The checks' sockets: one per channel, and one per TCP connection under way. It moves bytes and decides nothing. Sockets
/// whose arrivals the kernel stamps are read once a turn; the others, and connections under way, wake the thread.
/// </summary>
internal sealed class CheckSockets : ICheckTransport, IDisposable
{
    private const int ReceiveBuffer = 8 * 1024 * 1024;
    private const int BatchesPerTurn = 64;
    private const int LargestEcho = 9216;

    // Channels and attempts share the waking poller: channels have the negative numbers below the reflector's.
    private const int FirstChannelToken = -2;

    private readonly Poller _waking;
    private readonly Func<int, bool> _fetch;
    private readonly Poller _quiet = new(64);
    private readonly PollEvent[] _events = new PollEvent[64];
    private readonly UdpBatch _batch = new(64, LargestEcho);
    private readonly UdpErrorBatch _errors = new(64, 64);
    private readonly IcmpReply[] _replies = new IcmpReply[64];
    private readonly List<Channel?> _channels = [];
    private readonly List<(int Attempt, int Error)> _failed = [];
    private TcpSocket?[] _attempts = new TcpSocket?[64];

    /// <summary>No sockets yet.</summary>
    /// <param name="waking">The poller that ends the thread's sleep.</param>
    /// <param name="fetch">Begins an HTTP fetch; false where too many are under way.</param>
    public CheckSockets(Poller waking, Func<int, bool> fetch) => (_waking, _fetch) = (waking, fetch);

    /// <summary>What is counted of the channels; connections and fetches are not among it.</summary>
    public ProbeTraffic Traffic { get; } = new();

    public int Open(ProbeChannel channel)
    {
        var number = _channels.IndexOf(null);
        if (number < 0)
        {
            number = _channels.Count;
            _channels.Add(null);
        }

        var opened = new Channel(channel);
        _channels[number] = opened;
        if (opened.Socket is { } socket)
        {
            _ = socket.Stamps == UdpStamps.None
                ? _waking.Add(socket, FirstChannelToken - number, PollInterest.Read)
                : _quiet.Add(socket, number, PollInterest.Read);
        }

        return number;
    }

    public void Close(int channel)
    {
        CountDrops(_channels[channel]!);
        _channels[channel]!.Socket?.Dispose();
        _channels[channel] = null;
    }

    public ProbeSend Send(int channel, NodeEndpoint target, ulong sequence, ReadOnlySpan<byte> payload)
    {
        var to = _channels[channel]!;
        var began = to.Socket is null ? MonoTime.Never : Traffic.SendCalls.Begin();
        var error = to.Icmp is { } icmp ? icmp.SendEcho(target, (int)(sequence & ushort.MaxValue), payload).Error
            : to.Udp is { } udp ? udp.SendTo(payload, target).Error
            : to.Error;
        Traffic.SendCalls.End(began);
        return error == Errno.None ? ProbeSend.Sent : ProbeTraffic.Refusal(error);
    }

    public ProbeSend Connect(int attempt, NodeEndpoint target, int dscp)
    {
        var socket = TcpSocket.Connect(null, target, new TcpOptions { TypeOfService = dscp << 2 }, out var error);
        if (socket is null)
        {
            if (error is not (Errno.ECONNREFUSED or Errno.ECONNRESET or Errno.ETIMEDOUT))
            {
                // A connection that finds all ports in use is told that there is no such address (connect(2)).
                return error == Errno.EADDRNOTAVAIL ? new ProbeSend(ProbeSendOutcome.Backpressure, (int)error) : ProbeTraffic.Refusal(error);
            }

            // The other side said so at once, which it does on this host: that is an answer, not a refusal to send.
            _failed.Add((attempt, (int)error));
            return ProbeSend.Sent;
        }

        if (attempt >= _attempts.Length)
        {
            Array.Resize(ref _attempts, Math.Max(attempt + 1, _attempts.Length * 2));
        }

        _attempts[attempt] = socket;
        _ = _waking.Add(socket, attempt, PollInterest.Write);
        return ProbeSend.Sent;
    }

    public void Abandon(int attempt)
    {
        if (attempt < _attempts.Length)
        {
            _attempts[attempt]?.Dispose();
            _attempts[attempt] = null;
        }
    }

    public ProbeSend Fetch(int probe) => _fetch(probe) ? ProbeSend.Sent : new ProbeSend(ProbeSendOutcome.Backpressure, 0);

    /// <summary>Takes in whatever has come to stamped sockets since the last look.</summary>
    public void Look(CheckNode node, ClockPairing now)
    {
        node.OnLook(now.Mono);
        var count = _quiet.Wait(_events, Duration.Zero).Count;
        for (var i = 0; i < count; i++)
        {
            Read(node, _events[i].Token, now);
        }

        foreach (var (attempt, error) in _failed)
        {
            node.OnConnectFailed(attempt, error, now.Mono);
        }

        _failed.Clear();
    }

    /// <summary>Something on the waking poller is this transport's.</summary>
    public void Serve(CheckNode node, int token)
    {
        if (token <= FirstChannelToken)
        {
            Read(node, FirstChannelToken - token, SystemClocks.Pair());
        }
        else if (token < _attempts.Length && _attempts[token] is { } socket)
        {
            Finish(node, token, socket);
        }
    }

    /// <summary>Asks each socket what it has dropped; for once a second.</summary>
    public void CountDrops()
    {
        foreach (var channel in _channels)
        {
            if (channel is not null)
            {
                CountDrops(channel);
            }
        }
    }

    public void Dispose()
    {
        foreach (var channel in _channels)
        {
            channel?.Socket?.Dispose();
        }

        foreach (var attempt in _attempts)
        {
            attempt?.Dispose();
        }

        _quiet.Dispose();
    }

    private void Read(CheckNode node, int number, ClockPairing now)
    {
        if (_channels[number] is not { Socket: { } socket } channel)
        {
            return;
        }

        ReadErrors(node, number, socket);
        for (var i = 0; i < BatchesPerTurn; i++)
        {
            var received = channel.Icmp is { } icmp ? icmp.ReceiveReplies(_batch, _replies) : channel.Udp!.ReceiveBatch(_batch);
            var read = SystemClocks.Pair();
            for (var j = 0; received.Ok && j < received.Count; j++)
            {
                Hand(node, number, channel, j, read);
            }

            if (!received.Ok || _batch.Count < _batch.Capacity)
            {
                // Everything before this read has been taken: what comes later can't be older.
                channel.EmptiedAt = now;
                return;
            }

            now = read;
        }
    }

    private void Hand(CheckNode node, int number, Channel channel, int index, ClockPairing read)
    {
        if (channel.Icmp is null)
        {
            ref readonly var arrival = ref _batch[index];
            node.OnDatagram(number, arrival.Remote, _batch.Bytes(index), Place(channel, arrival, read));
            return;
        }

        var reply = _replies[index];
        ref readonly var echo = ref _batch[reply.Slot];
        node.OnEcho(echo.Remote, reply.Payload(_batch), Place(channel, echo, read));
    }

    private MonoTime Place(Channel channel, in UdpArrival arrival, ClockPairing read)
    {
        _ = Traffic.Place(arrival, read, channel.EmptiedAt, out var at);
        return at.Mono;
    }

    private void ReadErrors(CheckNode node, int number, DatagramSocket socket)
    {
        var result = socket.ReceiveErrors(_errors);
        for (var i = 0; result.Ok && i < result.Count; i++)
        {
            ref readonly var error = ref _errors[i];
            if (error.Kind is UdpErrorKind.Icmp or UdpErrorKind.Icmp6)
            {
                node.OnIcmpError(number, socket is IcmpSocket ? error.Destination.WithPort(0) : error.Destination, (int)error.Error);
            }
        }
    }

    private static void Finish(CheckNode node, int attempt, TcpSocket socket)
    {
        var error = socket.FinishConnect();
        if (error == Errno.EINPROGRESS)
        {
            return;
        }

        var now = SystemClocks.Mono();
        if (error != Errno.None)
        {
            node.OnConnectFailed(attempt, (int)error, now);
            return;
        }

        // The kernel's own figure, which our reading late does not enter; where the SYN was sent again, it has none.
        var handshake = socket.TryGetTcpInfo(out var info) && info.TotalRetransmissions == 0 && info.Rtt > Duration.Zero ? info.Rtt : (Duration?)null;
        node.OnConnected(attempt, handshake, now);
    }

    private void CountDrops(Channel channel) => channel.Drops = Traffic.CountDrops(channel.Socket, channel.Drops);

    /// <summary>One socket, or why there is none.</summary>
    private sealed class Channel
    {
        public Channel(ProbeChannel channel)
        {
            var any = NodeEndpoint.AnyAddress(channel.IsV6, 0);
            var options = UdpOptions.Probe with { ReceiveBuffer = ReceiveBuffer, TypeOfService = channel.Dscp << 2 };
            try
            {
                if (channel.Kind == CheckKind.Icmp)
                {
                    Icmp = IcmpSocket.Open(any, 0, options, out var access);
                    // EPERM is what a firewall gives as well, later and to those that have a socket.
                    Error = access.RawError == Errno.EPERM ? Errno.EACCES : access.RawError;
                }
                else
                {
                    Udp = UdpSocket.Open(any, options);
                }
            }
            catch (SocketSetupException e)
            {
                Error = e.Error;
            }

            EmptiedAt = SystemClocks.Pair();
        }

        public UdpSocket? Udp { get; }

        public IcmpSocket? Icmp { get; }

        public DatagramSocket? Socket => (DatagramSocket?)Udp ?? Icmp;

        /// <summary>Why there is no socket.</summary>
        public Errno Error { get; }

        /// <summary>The last reading that found nothing more: no stamp to come is older.</summary>
        public ClockPairing EmptiedAt { get; set; }

        public uint Drops { get; set; }
    }
}
