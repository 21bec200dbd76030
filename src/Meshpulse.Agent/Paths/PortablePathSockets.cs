using System.Net.Sockets;
using Meshpulse.Agent.Hosting;
using Meshpulse.Agent.Portable;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Paths;

/// <summary>
/// The sockets of STAMP paths by the runtime alone, to check the kernel's own against. Times are our readings of the clock, so that delays have our
/// own waiting in them, hop limits are not known, and what our own queue drops can't be told from loss; counts and directions are the same.
/// </summary>
internal sealed class PortablePathSockets : IPathSockets
{
    private const int LargestReply = 9216;
    private const int ReceiveBuffer = 1 << 20;
    private const int SenderTimeToLive = 255;
    private const int BatchesPerLook = 64;

    private readonly PortableUdpBatch _batch = new(64, LargestReply);
    private readonly List<PortableUdpSocket?> _channels = [];

    /// <inheritdoc />
    public ProbeTraffic Traffic { get; } = new();

    /// <inheritdoc />
    public long SendStamps => 0;

    /// <inheritdoc />
    public ProbeSend Open(int number, PathChannel channel, out int sourcePort)
    {
        while (_channels.Count <= number)
        {
            _channels.Add(null);
        }

        var options = new PortableUdpOptions
        {
            TimeToLive = SenderTimeToLive,
            TypeOfService = channel.Dscp << 2,
            DontFragment = channel.IsWhole,
            ReceiveBuffer = ReceiveBuffer,
        };
        sourcePort = 0;
        try
        {
            var socket = PortableUdpSocket.Open(channel.Local, options);
            _channels[number] = socket;
            sourcePort = socket.LocalEndpoint.Port;
            return ProbeSend.Sent;
        }
        catch (SocketException e)
        {
            return Refusal(e.SocketErrorCode);
        }
    }

    /// <inheritdoc />
    public void Close(int number)
    {
        _channels[number]!.Dispose();
        _channels[number] = null;
    }

    /// <inheritdoc />
    public ProbeSend Send(int channel, NodeEndpoint target, ReadOnlySpan<byte> payload, ulong? cookie)
    {
        var began = Traffic.SendCalls.Begin();
        var error = _channels[channel]!.SendTo(payload, target);
        Traffic.SendCalls.End(began);
        return error == SocketError.Success ? ProbeSend.Sent : Refusal(error);
    }

    /// <inheritdoc />
    /// <remarks>The runtime's sockets don't tell.</remarks>
    public uint DropsOf(int channel) => 0;

    /// <inheritdoc />
    public void Look(PathNode node, ClockPairing now)
    {
        node.OnLook(now.Mono);
        for (var number = 0; number < _channels.Count; number++)
        {
            if (_channels[number] is { } socket)
            {
                Read(node, number, socket);
            }
        }
    }

    /// <summary>The runtime does not say.</summary>
    public void CountDrops()
    {
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var channel in _channels)
        {
            channel?.Dispose();
        }
    }

    /// <summary>What a failure is called; its number is the system's own, as it is with the kernel's sockets.</summary>
    private static ProbeSend Refusal(SocketError error) => new(
        error is SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable or SocketError.TooManyOpenSockets
            ? ProbeSendOutcome.Backpressure
            : ProbeSendOutcome.Refused,
        new SocketException((int)error).NativeErrorCode);

    private void Read(PathNode node, int number, PortableUdpSocket socket)
    {
        for (var i = 0; i < BatchesPerLook; i++)
        {
            var count = socket.ReceiveBatch(_batch);
            // A first answer has the node open its path's channels anew: what is left is of one that is gone.
            for (var j = 0; j < count && _channels[number] == socket; j++)
            {
                ref readonly var arrival = ref _batch[j];
                Traffic.CountUnstamped();
                node.OnDatagram(new PathArrival(number, arrival.Remote, arrival.Read.Wall, arrival.Read.Mono, IsStamped: false, null), _batch.Bytes(j));
            }

            if (count < _batch.Capacity || _channels[number] != socket)
            {
                return;
            }
        }
    }
}
