using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Sounding;

/// <summary>The delays and the clocks of a sounding, over all flows: they share the path's clocks, if not its links.</summary>
internal sealed class SoundingFigures
{
    private readonly PathDelays _delays = new();

    public SoundingDelays? RoundTrip => SoundingDelays.Of(_delays.Figures.RoundTrip);

    public SoundingDelays? Forward => SoundingDelays.Of(_delays.Figures.Forward);

    public SoundingDelays? Backward => SoundingDelays.Of(_delays.Figures.Backward);

    public OffsetInterval Offset => _delays.Offset;

    public long ClockSteps => _delays.Steps;

    public SoundingStamps Stamps { get; private set; }

    /// <summary>Both clocks were read.</summary>
    public void NoteClocks(ClockPairing pairing) => _delays.NoteClocks(pairing);

    /// <summary>A request was answered in time, and all is known of it that will be.</summary>
    public void Add(in PathExchange exchange)
    {
        Count(exchange.Stamps);
        _ = _delays.Add(exchange.Clocks);
    }

    /// <summary>The same of a protocol that tells no times: our monotonic clock is enough, and does not step.</summary>
    public void Add(Duration roundTrip, PathStamps stamps)
    {
        Count(stamps);
        _delays.Figures.AddRoundTrip(Duration.Max(Duration.Zero, roundTrip));
    }

    /// <summary>Places the one-way delays that wait, with what is known now.</summary>
    public void Settle() => _delays.Settle();

    private void Count(PathStamps stamps)
    {
        var (send, receive) = (stamps.HasFlag(PathStamps.Send) ? 1 : 0, stamps.HasFlag(PathStamps.Receive) ? 1 : 0);
        Stamps = new SoundingStamps(
            Stamps.SendKernel + send,
            Stamps.SendUser + 1 - send,
            Stamps.ReceiveKernel + receive,
            Stamps.ReceiveUser + 1 - receive,
            Stamps.ReflectorKernel + (stamps.HasFlag(PathStamps.Reflector) ? 1 : 0));
    }
}
