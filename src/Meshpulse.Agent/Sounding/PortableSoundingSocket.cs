using System.Net.Sockets;
using Meshpulse.Agent.Portable;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Sounding;

/// <summary>A flow's socket by the runtime, with our own readings of the clock.</summary>
internal sealed class PortableSoundingSocket : ISoundingSocket
{
    private const int ReceiveBuffer = 1 << 20;

    private readonly NodeEndpoint _target;
    private readonly PortableUdpBatch _arrivals;

    /// <exception cref="SocketException">There is none to be had.</exception>
    public PortableSoundingSocket(NodeEndpoint target, int timeToLive, int dscp, PortableUdpBatch arrivals)
    {
        (_target, _arrivals) = (target, arrivals);
        Socket = PortableUdpSocket.Open(
            NodeEndpoint.AnyAddress(target.IsV6, 0),
            new PortableUdpOptions { TimeToLive = timeToLive, TypeOfService = dscp << 2, ReceiveBuffer = ReceiveBuffer });
        // Where there is no route the sends will say so, one by one: it may come.
        _ = Socket.ConnectTo(target);
    }

    /// <summary>For waiting.</summary>
    public PortableUdpSocket Socket { get; }

    public NodeEndpoint Local => Socket.LocalEndpoint;

    public string? LastError => Socket.LastError == SocketError.Success ? null : TextOf(Socket.LastError);

    public string? Send(ReadOnlySpan<byte> packet)
    {
        var error = Socket.SendTo(packet, _target);
        return error == SocketError.Success ? null : TextOf(error);
    }

    /// <summary>There are none: the time before the send is all that is known.</summary>
    public void TakeStamps(SoundingSession session)
    {
    }

    public int Receive() => Socket.ReceiveBatch(_arrivals);

    public SoundingArrival Arrival(int index)
    {
        ref readonly var arrival = ref _arrivals[index];
        return new SoundingArrival(arrival.Remote, arrival.Read.Wall, arrival.Read.Mono, IsKernel: false);
    }

    public ReadOnlySpan<byte> Bytes(int index) => _arrivals.Bytes(index);

    public void Dispose() => Socket.Dispose();

    private static string TextOf(SocketError error) => new SocketException((int)error).Message;
}
