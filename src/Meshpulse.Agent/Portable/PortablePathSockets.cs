using System.Net.Sockets;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Portable;

/// <summary>
/// The sockets of STAMP paths by the runtime alone: for other platforms, and to check the kernel's own against. Times are our readings of the
/// clock, so that delays have our own waiting in them; counts and directions are the same.
/// </summary>
internal sealed class PortablePathSockets : IPathTransport, IDisposable
{
    private const int LargestReply = 9216;
    private const int ReceiveBuffer = 1 << 20;
    private const int SenderTimeToLive = 255;
    private const int BatchesPerLook = 64;

    private readonly PortableUdpBatch _batch = new(64, LargestReply);
    private readonly List<(PortableUdpSocket? Socket, SocketError Error)?> _channels = [];

    /// <inheritdoc />
    public int Open(PathChannel channel, out int sourcePort)
    {
        var number = _channels.IndexOf(null);
        if (number < 0)
        {
            number = _channels.Count;
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
            sourcePort = socket.LocalEndpoint.Port;
            _channels[number] = (socket, SocketError.Success);
        }
        catch (SocketException e)
        {
            _channels[number] = (null, e.SocketErrorCode);
        }

        return number;
    }

    /// <inheritdoc />
    public void Close(int channel)
    {
        _channels[channel]?.Socket?.Dispose();
        _channels[channel] = null;
    }

    /// <inheritdoc />
    public ProbeSend Send(int channel, NodeEndpoint target, ReadOnlySpan<byte> payload, ulong? cookie)
    {
        var (socket, error) = _channels[channel]!.Value;
        error = socket?.SendTo(payload, target) ?? error;
        var outcome = error switch
        {
            SocketError.Success => ProbeSendOutcome.Sent,
            SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable or SocketError.TooManyOpenSockets => ProbeSendOutcome.Backpressure,
            _ => ProbeSendOutcome.Refused,
        };
        return new ProbeSend(outcome, (int)error);
    }

    /// <inheritdoc />
    /// <remarks>The runtime's sockets don't tell.</remarks>
    public uint DropsOf(int channel) => 0;

    /// <summary>Takes in whatever has come since the last look.</summary>
    public void Look(PathNode node, MonoTime now)
    {
        ArgumentNullException.ThrowIfNull(node);
        node.OnLook(now);
        for (var number = 0; number < _channels.Count; number++)
        {
            if (_channels[number] is { Socket: { } socket })
            {
                Read(node, number, socket);
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var channel in _channels)
        {
            channel?.Socket?.Dispose();
        }
    }

    private void Read(PathNode node, int number, PortableUdpSocket socket)
    {
        for (var i = 0; i < BatchesPerLook; i++)
        {
            var count = socket.ReceiveBatch(_batch);
            for (var j = 0; j < count; j++)
            {
                ref readonly var arrival = ref _batch[j];
                node.OnDatagram(new PathArrival(number, arrival.Remote, arrival.Read.Wall, arrival.Read.Mono, IsStamped: false, null), _batch.Bytes(j));
            }

            if (count < _batch.Capacity)
            {
                return;
            }
        }
    }
}
