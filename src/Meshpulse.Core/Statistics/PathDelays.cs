using Meshpulse.Core.Time;

namespace Meshpulse.Core.Statistics;

/// <summary>
/// The delays of one path and the clocks at its ends. Exchanges come in about the order of their arrival; what is known of the clocks
/// decides what is made of each.
/// <para>
/// The offset's interval gets narrower with each sample, hence one-way delays wait for the next <see cref="Settle"/> rather than being
/// placed by what was known when they came. A step of our own clock is seen in the exchanges themselves: the moment of arrival is told by
/// both of our clocks. Bounded, one thread.
/// </para>
/// </summary>
public sealed class PathDelays
{
    /// <summary>Exchanges that wait at most; the one after them settles all with what is known then.</summary>
    public const int MostWaiting = 1_024;

    // Fast slewing included (adjtimex(2)): a bound that does not hold is worth nothing.
    private const int MaxDriftPpm = 500;

    private static readonly Duration s_stepThreshold = Duration.FromMilliseconds(5);
    private static readonly Duration s_localStepFloor = Duration.FromMilliseconds(1);

    private readonly OffsetEstimator _estimator = new(MaxDriftPpm, s_stepThreshold);
    private readonly List<ClockExchange> _waiting = [];
    private ClockPairing? _lastPairing;
    private MonoTime _lastArrival;

    /// <summary>Nothing is known yet.</summary>
    public PathDelays() => _estimator.WatchLocalClock();

    /// <summary>What was recorded since the last <see cref="Cut"/>; one-way delays as of the last <see cref="Settle"/>.</summary>
    public DelayFigures Figures { get; } = new();

    /// <summary>By how much the other's clock is ahead, by the last reply's time: a bound would only get older while nothing comes.</summary>
    public OffsetInterval Offset => _estimator.Read(_lastArrival);

    /// <summary>Steps of either clock that were seen.</summary>
    public long Steps => _estimator.Steps;

    /// <summary>The last of them.</summary>
    public ClockStep? LastStep => _estimator.LastStep;

    /// <summary>Both of our clocks were read. Readings from before one that was taken already tell nothing.</summary>
    public void NoteClocks(ClockPairing pairing)
    {
        if (_lastPairing is { } last)
        {
            if (pairing.Mono < last.Mono)
            {
                return;
            }

            var step = pairing.SteppedSince(last);
            if (step.Abs() > s_localStepFloor + ((pairing.Mono - last.Mono) / 1_000))
            {
                _estimator.NoteLocalStep(pairing.Mono, step);
                _waiting.Clear();
            }
        }

        _lastPairing = pairing;
    }

    /// <summary>An exchange was completed.</summary>
    /// <returns>
    /// False where nothing was made of it: a clock stepped meanwhile, or its times contradict each other. Its round trip was recorded else.
    /// </returns>
    public bool Add(in ClockExchange exchange)
    {
        NoteClocks(new ClockPairing(exchange.Arrived, exchange.T4));
        _lastArrival = new MonoTime(Math.Max(_lastArrival.Nanoseconds, exchange.Arrived.Nanoseconds));
        var steps = _estimator.Steps;
        var sample = _estimator.Add(exchange);
        if (steps != _estimator.Steps)
        {
            // A clock stepped: what waits can't be placed any more.
            _waiting.Clear();
        }

        if (sample == OffsetSample.Dropped)
        {
            return false;
        }

        Figures.AddRoundTrip(exchange.RoundTrip);
        if (sample == OffsetSample.Taken)
        {
            Wait(exchange);
        }

        return true;
    }

    /// <summary>Places the one-way delays that wait, with what is known now; nothing is recorded of them where the offset is unknown.</summary>
    public void Settle()
    {
        var offset = Offset;
        foreach (var exchange in _waiting)
        {
            Figures.AddOneWay(exchange, offset);
        }

        _waiting.Clear();
    }

    /// <summary>Hands out what was recorded since the last time, and begins anew.</summary>
    public DelayFigures Cut()
    {
        Settle();
        var cut = Figures.Clone();
        Figures.Reset();
        return cut;
    }

    private void Wait(in ClockExchange exchange)
    {
        if (_waiting.Count == MostWaiting)
        {
            Settle();
        }

        _waiting.Add(exchange);
    }
}
