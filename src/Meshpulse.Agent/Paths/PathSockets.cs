using Meshpulse.Agent.Hosting;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Paths;

/// <summary>
/// The sockets of the paths, one per channel. They move bytes and stamps and decide nothing. Whatever comes waits for the next look: the
/// kernel has stamped it.
/// </summary>
internal sealed class PathSockets : IPathSockets
{
    private const int ReceiveBuffer = 8 * 1024 * 1024;
    private const int BatchesPerLook = 64;
    private const int LargestReply = 9216;

    // TTL 255 so that the other side can count the hops (RFC 5357, section 4.1.2).
    private const int SenderTimeToLive = 255;

    private readonly Poller _poller = new(64);
    private readonly PollEvent[] _events = new PollEvent[64];
    private readonly UdpBatch _batch = new(64, LargestReply);
    private readonly UdpErrorBatch _errors = new(64, 64);
    private readonly List<Channel?> _channels = [];

    /// <inheritdoc />
    public ProbeTraffic Traffic { get; } = new();

    /// <inheritdoc />
    public long SendStamps { get; private set; }

    public ProbeSend Open(int number, PathChannel channel, out int sourcePort)
    {
        while (_channels.Count <= number)
        {
            _channels.Add(null);
        }

        sourcePort = 0;
        try
        {
            var opened = new Channel(channel);
            _channels[number] = opened;
            sourcePort = opened.Socket.LocalEndpoint.Port;
            _ = _poller.Add(opened.Socket, number, PollInterest.Read);
            return ProbeSend.Sent;
        }
        catch (SocketSetupException e)
        {
            return ProbeTraffic.Refusal(e.Error);
        }
    }

    public void Close(int number)
    {
        CountDrops(_channels[number]!);
        _channels[number]!.Socket.Dispose();
        _channels[number] = null;
    }

    public ProbeSend Send(int channel, NodeEndpoint target, ReadOnlySpan<byte> payload, ulong? cookie)
    {
        var to = _channels[channel]!;
        var socket = to.Socket;
        var id = 0u;
        var began = Traffic.SendCalls.Begin();
        var sent = cookie is null ? socket.SendTo(payload, target) : socket.SendStamped(payload, target, default, out id);
        Traffic.SendCalls.End(began);
        if (sent.Ok && cookie is { } known)
        {
            to.Cookies[(int)id & Channel.CookieMask] = known;
        }

        return sent.Ok ? ProbeSend.Sent : ProbeTraffic.Refusal(sent.Error);
    }

    /// <inheritdoc />
    public uint DropsOf(int channel) => channel < _channels.Count ? _channels[channel]?.Drops ?? 0 : 0;

    /// <inheritdoc />
    public void Look(PathNode node, ClockPairing now)
    {
        node.OnLook(now.Mono);
        // Those that were reported come last the next time: so many looks reach every socket, and a flood of all of them ends nevertheless.
        var count = _events.Length;
        for (var looks = (_channels.Count / _events.Length) + 1; looks > 0 && count == _events.Length; looks--)
        {
            count = _poller.Wait(_events, Duration.Zero).Count;
            for (var i = 0; i < count; i++)
            {
                Read(node, _events[i].Token, now);
            }
        }
    }

    /// <inheritdoc />
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
            channel?.Socket.Dispose();
        }

        _poller.Dispose();
    }

    private void Read(PathNode node, int number, ClockPairing now)
    {
        if (_channels[number] is not { } channel)
        {
            return;
        }

        var socket = channel.Socket;

        // First the stamps: the replies want them.
        ReadErrors(node, number, channel, socket);
        for (var i = 0; i < BatchesPerLook; i++)
        {
            var received = socket.ReceiveBatch(_batch);
            var read = SystemClocks.Pair();
            // A first answer has the node open its path's channels anew: what is left is of one that is gone.
            for (var j = 0; received.Ok && j < received.Count && _channels[number] == channel; j++)
            {
                Hand(node, number, channel, j, read);
            }

            if (!received.Ok || _batch.Count < _batch.Capacity || _channels[number] != channel)
            {
                // Everything before this read has been taken: what comes later can't be older.
                channel.EmptiedAt = now;
                return;
            }

            now = read;
        }
    }

    private void Hand(PathNode node, int number, Channel channel, int index, ClockPairing read)
    {
        ref readonly var datagram = ref _batch[index];
        var isStamped = Traffic.Place(datagram, read, channel.EmptiedAt, out var at);
        var ttl = datagram.TimeToLive < 0 ? null : (byte?)datagram.TimeToLive;
        node.OnDatagram(new PathArrival(number, datagram.Remote, at.Wall, at.Mono, isStamped, ttl), _batch.Bytes(index));
    }

    private void ReadErrors(PathNode node, int number, Channel channel, UdpSocket socket)
    {
        for (var i = 0; i < BatchesPerLook; i++)
        {
            var result = socket.ReceiveErrors(_errors);
            for (var j = 0; result.Ok && j < result.Count; j++)
            {
                Hand(node, number, channel, _errors[j]);
            }

            if (!result.Ok || _errors.Count < _errors.Capacity)
            {
                return;
            }
        }
    }

    private void Hand(PathNode node, int number, Channel channel, in UdpError error)
    {
        if (error.Kind == UdpErrorKind.SendStamp)
        {
            if (error.HasStamp)
            {
                SendStamps++;
                node.OnSendStamp(channel.Cookies[(int)error.StampId & Channel.CookieMask], error.Stamp);
            }
        }
        else if (error.Kind is UdpErrorKind.Icmp or UdpErrorKind.Icmp6)
        {
            node.OnIcmpError(number, error.Destination, (int)error.Error, error.Error == Errno.EMSGSIZE, SystemClocks.Mono());
        }
    }

    private void CountDrops(Channel channel) => channel.Drops = Traffic.CountDrops(channel.Socket, channel.Drops);

    /// <summary>One socket.</summary>
    private sealed class Channel
    {
        /// <summary>Stamps come within a look or two: at 200,000 packets a second a channel 4,096 are 20 ms.</summary>
        public const int CookieMask = 4_095;

        /// <exception cref="SocketSetupException">The socket can't be had.</exception>
        public Channel(PathChannel channel)
        {
            Socket = UdpSocket.Open(channel.Local, UdpOptions.Probe with
            {
                Stamps = UdpStamps.ReceiveAndSend,
                // A trace can follow the very flow.
                LendsPort = true,
                ReceiveBuffer = ReceiveBuffer,
                TypeOfService = channel.Dscp << 2,
                TimeToLive = SenderTimeToLive,
                Fragments = channel.IsWhole ? FragmentPolicy.Probe : FragmentPolicy.SystemDefault,
            });
            EmptiedAt = SystemClocks.Pair();
        }

        public UdpSocket Socket { get; }

        /// <summary>What goes along with stamped sends, by the last bits of the socket's number of the send.</summary>
        public ulong[] Cookies { get; } = new ulong[CookieMask + 1];

        /// <summary>The last reading that found nothing more: no stamp to come is older.</summary>
        public ClockPairing EmptiedAt { get; set; }

        public uint Drops { get; set; }
    }
}
