using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Sounding;

/// <summary>One flow: its socket, its session, and when its requests left.</summary>
internal sealed class SoundingChannel
{
    private const int SenderTimeToLive = 255;

    private readonly ISoundingEngine _engine;

    /// <summary>Opens a socket with a free source port, which is the engine's to close.</summary>
    public SoundingChannel(ISoundingEngine engine, SoundingOptions options, SoundingSession session)
    {
        _engine = engine;
        // TTL 255 so that the other side can count the hops (RFC 5357, section 4.1.2).
        Socket = engine.Open(options.Target, options.Protocol == SoundingProtocol.UdpPing ? 0 : SenderTimeToLive, options.Dscp);
        Session = session;
    }

    public ISoundingSocket Socket { get; }

    public SoundingSession Session { get; }

    /// <summary>Sends the next request.</summary>
    /// <returns>Null; else why it did not leave: it uses no number then.</returns>
    public string? Send(Span<byte> packet, MonoTime intended)
    {
        var now = _engine.Mono();
        var t1 = _engine.Wall();
        Session.Write(packet, t1);
        var error = Socket.Send(packet);
        if (error is null)
        {
            Session.OnSent(now, intended, t1);
        }

        return error;
    }
}
