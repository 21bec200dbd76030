using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Sounding;

/// <summary>A flow's socket by the kernel, with its stamps in both directions.</summary>
internal sealed class KernelSoundingSocket : ISoundingSocket
{
    private const int ReceiveBuffer = 1 << 20;

    private readonly NodeEndpoint _target;
    private readonly UdpBatch _arrivals;
    private readonly UdpErrorBatch _errors;
    private ClockPairing _emptiedAt;
    private ClockPairing _since;
    private ClockPairing _read;

    /// <exception cref="SocketSetupException">There is none to be had.</exception>
    public KernelSoundingSocket(NodeEndpoint target, int timeToLive, int dscp, UdpBatch arrivals, UdpErrorBatch errors)
    {
        (_target, _arrivals, _errors) = (target, arrivals, errors);
        Socket = UdpSocket.Open(NodeEndpoint.AnyAddress(target.IsV6, 0), UdpOptions.Probe with
        {
            Stamps = UdpStamps.ReceiveAndSend,
            ReceiveBuffer = ReceiveBuffer,
            TimeToLive = timeToLive,
            TypeOfService = dscp << 2,
        });
        // Where there is no route the sends will say so, one by one: it may come.
        _ = Socket.ConnectTo(target);
        _emptiedAt = SystemClocks.Pair();
    }

    /// <summary>For the poller.</summary>
    public UdpSocket Socket { get; }

    public NodeEndpoint Local => Socket.LocalEndpoint;

    public string? LastError { get; private set; }

    public string? Send(ReadOnlySpan<byte> packet)
    {
        var result = Socket.SendStamped(packet, _target, default, out _);
        return result.Ok ? null : result.Error.Text();
    }

    public void TakeStamps(SoundingSession session)
    {
        while (Socket.ReceiveErrors(_errors).Count > 0)
        {
            for (var i = 0; i < _errors.Count; i++)
            {
                ref readonly var entry = ref _errors[i];
                if (entry.Kind == UdpErrorKind.SendStamp && entry.HasStamp)
                {
                    session.OnSendStamp(entry.StampId, entry.Stamp);
                }
                else if (entry.Kind is UdpErrorKind.Icmp or UdpErrorKind.Icmp6 or UdpErrorKind.Local)
                {
                    LastError = entry.Error.Text();
                }
            }

            if (_errors.Count < _errors.Capacity)
            {
                return;
            }
        }
    }

    public int Receive()
    {
        var before = SystemClocks.Pair();
        var result = Socket.ReceiveBatch(_arrivals);
        (_since, _read) = (_emptiedAt, SystemClocks.Pair());
        // A batch that was full leaves more behind, and the poller says so again.
        if (result.Count < _arrivals.Capacity)
        {
            // Before what comes from here on, the socket was seen empty.
            _emptiedAt = before;
        }

        return result.Count;
    }

    public SoundingArrival Arrival(int index)
    {
        ref readonly var arrival = ref _arrivals[index];
        return arrival.HasStamp & _read.TryPlace(arrival.Stamp, _since, out var arrived)
            ? new SoundingArrival(arrival.Remote, arrival.Stamp, arrived, IsKernel: true)
            : new SoundingArrival(arrival.Remote, _read.Wall, _read.Mono, IsKernel: false);
    }

    public ReadOnlySpan<byte> Bytes(int index) => _arrivals.Bytes(index);

    public void Dispose() => Socket.Dispose();
}
