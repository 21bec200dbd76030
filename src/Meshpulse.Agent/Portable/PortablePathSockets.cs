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
    private readonly List<PortableUdpSocket?> _channels = [];

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
        var error = _channels[channel]!.SendTo(payload, target);
        return error == SocketError.Success ? ProbeSend.Sent : Refusal(error);
    }

    /// <summary>Takes in whatever has come since the last look.</summary>
    public void Look(PathNode node, MonoTime now)
    {
        ArgumentNullException.ThrowIfNull(node);
        node.OnLook(now);
        for (var number = 0; number < _channels.Count; number++)
        {
            if (_channels[number] is { } socket)
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
