using Meshpulse.Core.Time;

namespace Meshpulse.Core.Statistics;

/// <summary>
/// The delays of one path over one window, in nanoseconds: round trips without the reflector's own time, both directions where
/// the offset is bounded, and how much delay varies in each, for which no offset is needed. One writer.
/// </summary>
public sealed class DelayFigures
{
    /// <summary>Empty figures.</summary>
    public DelayFigures()
    {
        RoundTrip = new HdrHistogram(Nanoseconds);
        Forward = new HdrHistogram(Nanoseconds);
        Backward = new HdrHistogram(Nanoseconds);
        ForwardVariation = new HdrHistogram(Nanoseconds);
        BackwardVariation = new HdrHistogram(Nanoseconds);
    }

    /// <summary>1 ns to 24 hours with three digits, of which 64 ns are not told apart: clocks are not read better.</summary>
    public static HdrGeometry Nanoseconds { get; } = new(86_400_000_000_000, 3, 64);

    /// <summary>(T4 - T1) - (T3 - T2).</summary>
    public HdrHistogram RoundTrip { get; }

    /// <summary>One-way delays there, by the offset that stands for its interval; see <see cref="Bound"/>.</summary>
    public HdrHistogram Forward { get; }

    /// <summary>One-way delays back, the same.</summary>
    public HdrHistogram Backward { get; }

    /// <summary>IPDV (RFC 3393) there between packets with successive numbers, without its sign.</summary>
    public HdrHistogram ForwardVariation { get; }

    /// <summary>The same for the way back.</summary>
    public HdrHistogram BackwardVariation { get; }

    /// <summary>By how much a one-way delay can be off at most: the largest that was recorded; zero without any.</summary>
    public Duration Bound { get; private set; }

    /// <summary>The shortest round trip of the window; null without any.</summary>
    public Duration? Shortest { get; private set; }

    /// <summary>Takes a round trip; not to be called for an exchange whose timestamps contradict each other.</summary>
    public void AddRoundTrip(Duration roundTrip)
    {
        RoundTrip.Record(roundTrip.Nanoseconds);
        Shortest = Duration.Min(Shortest ?? Duration.MaxValue, roundTrip);
    }

    /// <summary>Takes an exchange's one-way delays by <see cref="OffsetInterval.Point"/>; nothing happens where there is none.</summary>
    public void AddOneWay(in ClockExchange exchange, OffsetInterval offset)
    {
        if (offset.Point is { } point && offset.Forward(exchange.Forward) is { } forward && offset.Backward(exchange.Backward) is { } backward)
        {
            AddOneWay(Forward, exchange.Forward - point, forward);
            AddOneWay(Backward, exchange.Backward + point, backward);
        }
    }

    /// <summary>Takes what <see cref="DelayVariation"/> gave.</summary>
    public void AddVariation(Duration forward, Duration backward)
    {
        ForwardVariation.Record(forward.Abs().Nanoseconds);
        BackwardVariation.Record(backward.Abs().Nanoseconds);
    }

    /// <summary>A copy of its own, for a window that is handed on.</summary>
    public DelayFigures Clone()
    {
        var copy = new DelayFigures { Bound = Bound, Shortest = Shortest };
        RoundTrip.CopyTo(copy.RoundTrip);
        Forward.CopyTo(copy.Forward);
        Backward.CopyTo(copy.Backward);
        ForwardVariation.CopyTo(copy.ForwardVariation);
        BackwardVariation.CopyTo(copy.BackwardVariation);
        return copy;
    }

    /// <summary>Adds what another window has.</summary>
    public void Add(DelayFigures other)
    {
        ArgumentNullException.ThrowIfNull(other);
        RoundTrip.Add(other.RoundTrip);
        Forward.Add(other.Forward);
        Backward.Add(other.Backward);
        ForwardVariation.Add(other.ForwardVariation);
        BackwardVariation.Add(other.BackwardVariation);
        Bound = Duration.Max(Bound, other.Bound);
        Shortest = other.Shortest is { } shortest ? Duration.Min(Shortest ?? Duration.MaxValue, shortest) : Shortest;
    }

    /// <summary>Forgets everything and keeps the room.</summary>
    public void Reset()
    {
        RoundTrip.Reset();
        Forward.Reset();
        Backward.Reset();
        ForwardVariation.Reset();
        BackwardVariation.Reset();
        Bound = Duration.Zero;
        Shortest = null;
    }

    private void AddOneWay(HdrHistogram histogram, Duration delay, DelayBound bound)
    {
        // Below zero only by what the interval was widened for drift.
        delay = Duration.Max(Duration.Zero, delay);
        histogram.Record(delay.Nanoseconds);
        Bound = Duration.Max(Bound, Duration.Max(delay - bound.Low, bound.High - delay));
    }
}
