using System.Net;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;
using Meshpulse.Linux.Sockets;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Sounding;

/// <summary>One flow: its socket, its session, and when its requests left.</summary>
internal sealed class SoundingChannel : IDisposable
{
    private const int ReceiveBuffer = 1 << 20;
    private const int SenderTimeToLive = 255;

    /// <summary>Opens a socket with a free source port.</summary>
    /// <exception cref="SocketSetupException">There is none to be had.</exception>
    public SoundingChannel(SoundingOptions options, SoundingSession session)
    {
        var target = options.Target;
        var any = target.IsV6 ? NodeEndpoint.From(IPAddress.IPv6Any, 0) : default;
        // TTL 255 so that the other side can count the hops (RFC 5357, section 4.1.2).
        Socket = UdpSocket.Open(any, UdpOptions.Probe with
        {
            Stamps = UdpStamps.ReceiveAndSend,
            ReceiveBuffer = ReceiveBuffer,
            TimeToLive = options.Protocol == SoundingProtocol.UdpPing ? 0 : SenderTimeToLive,
        });
        // Where there is no route the sends will say so, one by one: it may come.
        _ = Socket.ConnectTo(target);
        Session = session;
        EmptiedAt = SystemClocks.Pair();
    }

    public UdpSocket Socket { get; }

    public SoundingSession Session { get; }

    /// <summary>Before what is read from here on came, the socket was seen empty.</summary>
    public ClockPairing EmptiedAt { get; set; }

    /// <summary>Sends the next request.</summary>
    /// <returns>None; else it did not leave, and uses no number.</returns>
    public Errno Send(Span<byte> packet, NodeEndpoint target, MonoTime intended)
    {
        var now = SystemClocks.Mono();
        var t1 = SystemClocks.Wall();
        Session.Write(packet, t1);
        var result = Socket.SendStamped(packet, target, default, out _);
        if (result.Ok)
        {
            Session.OnSent(now, intended, t1);
        }

        return result.Error;
    }

    public void Dispose() => Socket.Dispose();
}
