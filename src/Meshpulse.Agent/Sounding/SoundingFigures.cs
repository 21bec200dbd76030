using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Sounding;

/// <summary>The delays and the clocks of a sounding, over all flows: they share the path's clocks, if not its links.</summary>
internal sealed class SoundingFigures
{
    // Fast slewing included (adjtimex(2)): a bound that does not hold is worth nothing.
    private const int MaxDriftPpm = 500;

    private readonly OffsetEstimator _estimator = new(MaxDriftPpm, Duration.FromMilliseconds(5));
    private readonly HdrHistogram _roundTrip = new(DelayFigures.Nanoseconds);
    private readonly OneWayDelays _oneWay = new();
    private ClockPairing? _lastPairing;
    private MonoTime _lastArrival;
    private long _steps;

    public SoundingFigures() => _estimator.WatchLocalClock();

    public SoundingDelays? RoundTrip => SoundingDelays.Of(_roundTrip);

    public SoundingDelays? Forward => SoundingDelays.Of(_oneWay.Forward);

    public SoundingDelays? Backward => SoundingDelays.Of(_oneWay.Backward);

    /// <summary>By the last reply's time: a bound would only get older while nothing comes.</summary>
    public OffsetInterval Offset => _estimator.Read(_lastArrival);

    public long ClockSteps => _estimator.Steps;

    public SoundingStamps Stamps { get; private set; }

    /// <summary>Both clocks were read.</summary>
    public void NoteClocks(ClockPairing pairing)
    {
        if (_lastPairing is { } last)
        {
            var step = pairing.SteppedSince(last);
            if (step.Abs() > Duration.FromMilliseconds(1) + ((pairing.Mono - last.Mono) / 1_000))
            {
                _estimator.NoteLocalStep(pairing.Mono, step);
            }
        }

        _lastPairing = pairing;
    }

    /// <summary>A request was answered in time.</summary>
    /// <param name="reply">By what.</param>
    /// <param name="sent">When the request left.</param>
    /// <param name="t4">When the reply came.</param>
    /// <param name="arrived">The same moment on the monotonic clock.</param>
    /// <param name="isKernel">T4 is the kernel's.</param>
    public void Add(in SoundingReply reply, SendTimes.Entry sent, WallTime t4, MonoTime arrived, bool isKernel)
    {
        var isStamped = sent.Stamp is not null;
        var exchange = Exchange(reply, sent, sent.Stamp ?? sent.Read, t4, arrived);
        if (isStamped && !exchange.IsConsistent)
        {
            (isStamped, exchange) = (false, Exchange(reply, sent, sent.Read, t4, arrived));
        }

        Stamps = new SoundingStamps(
            Stamps.SendKernel + (isStamped ? 1 : 0),
            Stamps.SendUser + (isStamped ? 0 : 1),
            Stamps.ReceiveKernel + (isKernel ? 1 : 0),
            Stamps.ReceiveUser + (isKernel ? 0 : 1));
        _lastArrival = new MonoTime(Math.Max(_lastArrival.Nanoseconds, arrived.Nanoseconds));
        if (reply.T2 is null)
        {
            // No other clock is in it: our monotonic one is enough, and does not step.
            _roundTrip.Record(Math.Max(0, (exchange.Arrived - exchange.Sent).Nanoseconds));
            return;
        }

        Take(exchange);
    }

    /// <summary>Places the one-way delays that wait, with what is known now.</summary>
    public void Settle() => _oneWay.Settle(Offset);

    private void Take(in ClockExchange exchange)
    {
        var sample = _estimator.Add(exchange);
        if (_steps != _estimator.Steps)
        {
            _steps = _estimator.Steps;
            _oneWay.Forget();
        }

        if (sample != OffsetSample.Dropped)
        {
            _roundTrip.Record(exchange.RoundTrip.Nanoseconds);
        }

        if (sample == OffsetSample.Taken)
        {
            _oneWay.Add(exchange, Offset);
        }
    }

    private static ClockExchange Exchange(in SoundingReply reply, SendTimes.Entry sent, WallTime t1, WallTime t4, MonoTime arrived)
    {
        var t2 = reply.T2 ?? t1;
        return new ClockExchange(t1, t2, reply.T3 ?? t2, t4, sent.Sent + (t1 - sent.Read), arrived);
    }
}
