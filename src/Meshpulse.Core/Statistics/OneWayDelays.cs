using Meshpulse.Core.Time;

namespace Meshpulse.Core.Statistics;

/// <summary>
/// One-way delays of exchanges whose clocks' offset is an interval: each lies within a bound of the interval's width, and one point
/// of it has to be said.
/// <para>
/// The obvious point, the middle of the interval, splits every round trip in half: 5 ms there and 20 ms back become twice 12.5,
/// although both clocks are right. So where no difference at all is within the interval, that is taken: nothing that was
/// measured speaks against the clocks being equal. Where they are proven to differ it is the middle. The interval is told beside it,
/// so that nobody needs to believe the point more than it deserves.
/// </para>
/// <para>
/// The interval gets narrower with each sample, hence exchanges wait for the next <see cref="Settle"/> rather than being
/// placed by what was known when they came. Bounded, one thread.
/// </para>
/// </summary>
public sealed class OneWayDelays
{
    /// <summary>Exchanges that wait at most; the one after them settles all with what is known then.</summary>
    public const int MostWaiting = 1_024;

    private readonly List<ClockExchange> _waiting = [];

    /// <summary>Delays there, in nanoseconds.</summary>
    public HdrHistogram Forward { get; } = new(DelayFigures.Nanoseconds);

    /// <summary>Delays back, in nanoseconds.</summary>
    public HdrHistogram Backward { get; } = new(DelayFigures.Nanoseconds);

    /// <summary>The offset that stands for an interval; null where an end is unknown.</summary>
    public static Duration? PointOf(OffsetInterval offset) =>
        !offset.IsBounded || offset.IsContradiction ? null : offset.Contains(Duration.Zero) ? Duration.Zero : offset.Middle;

    /// <summary>Takes an exchange.</summary>
    /// <param name="exchange">One that <see cref="OffsetEstimator.Add"/> has taken.</param>
    /// <param name="offset">What is known now; used only where too many wait.</param>
    public void Add(in ClockExchange exchange, OffsetInterval offset)
    {
        if (_waiting.Count == MostWaiting)
        {
            Settle(offset);
        }

        _waiting.Add(exchange);
    }

    /// <summary>Places what waits; nothing is recorded of it where the offset is unknown.</summary>
    public void Settle(OffsetInterval offset)
    {
        if (PointOf(offset) is { } point)
        {
            foreach (var exchange in _waiting)
            {
                Forward.Record(Math.Max(0, (exchange.Forward - point).Nanoseconds));
                Backward.Record(Math.Max(0, (exchange.Backward + point).Nanoseconds));
            }
        }

        _waiting.Clear();
    }

    /// <summary>A clock stepped: what waits can't be placed any more.</summary>
    public void Forget() => _waiting.Clear();
}
