using Meshpulse.Core.Time;

namespace Meshpulse.Core.Statistics;

/// <summary>
/// By how much another host's wall clock is ahead of ours, as an interval that holds the truth.
/// <para>
/// <b>The problem.</b> A request shows forward delay plus offset (T2 - T1), its reply backward delay less offset (T4 - T3): two
/// equations and three unknowns. The usual way, half of the difference, takes both delays for equal: an asymmetric path or a queue
/// in one direction then is a wrong offset, and the wrong offset a wrong delay. What we do: delays are not negative, so each T2 -
/// T1 is an upper bound of the offset, and each T3 - T4 a lower one. The best of many, those that met no queue, leave an interval
/// as wide as the queue-free round trip; where in it the offset lies nobody can know without another clock, and so every one-way
/// delay carries that bound.
/// </para>
/// <para>
/// <b>Drift.</b> An old bound is worth less by what the clocks can have moved since: each is widened by <see cref="MaxDriftPpm"/>
/// of its age, and by that of its own round trip. Bounds are kept over 1, 10 and 60 seconds; the interval is what all of them
/// allow, the shorter ones can be read by themselves. Where the clocks keep to that drift and do not step, the interval holds the
/// truth always.
/// </para>
/// <para>
/// <b>Steps.</b> When a clock steps by d both differences move by d, in opposite directions, and the round trip does not. A queue
/// moves one and the round trip; a new path moves both sums. So a sample is suspect where one direction falls below anything in the
/// window by more than the threshold and the other rises above it by the same kind: from there its one-way delays are held back,
/// the interval is unknown, and the minima of both directions are collected anew until 16 samples or one second have passed, with
/// two samples at least. Where their sum stayed, a clock has stepped, all that was known before is forgotten, and the new minima
/// stand. Where it moved, the network did, and the samples join the others. What cannot be seen: a step below the threshold, or one
/// that queues in both directions cover until they drain; and two routes that change at the same time, one by as much shorter as
/// the other gets longer, look like a step.
/// </para>
/// <para>
/// <b>Order.</b> Of several flows samples come in about the order of arrival only: one may have waited for a better time. Those that arrived
/// before a suspicion began say nothing of what it is about. A single one among those that decide would make a step look like a new path, and both
/// offsets would be believed until the older ones are forgotten. Once a step was found they are dropped.
/// </para>
/// <para>Bounded (about 3 kB), no allocation after construction, one thread. Moments never go back by more than some seconds.</para>
/// </summary>
public sealed class OffsetEstimator
{
    private const int DecidingSamples = 16;
    private static readonly Duration s_decidingTime = Duration.FromSeconds(1);
    private static readonly Duration s_second = Duration.FromSeconds(1);

    private readonly Scale[] _scales;
    private readonly Scale _recent;
    private readonly Duration _threshold;
    private Suspicion _suspicion;
    private MonoTime _steppedAt = new(long.MinValue);
    private MonoTime _changedAt = new(long.MinValue);
    private bool _isWatched;

    /// <summary>An estimator without samples.</summary>
    /// <param name="maxDriftPpm">
    /// The most by which one clock runs faster than the other, in millionths, 1 to 1,000; the kernel slews by at most 500
    /// (adjtimex(2)).
    /// </param>
    /// <param name="stepThreshold">
    /// Smaller movements are not called steps; more than zero, and more than the jitter of an idle path.
    /// </param>
    public OffsetEstimator(int maxDriftPpm, Duration stepThreshold)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxDriftPpm, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxDriftPpm, 1_000);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(stepThreshold, Duration.Zero);
        MaxDriftPpm = maxDriftPpm;
        _threshold = stepThreshold;
        _scales =
        [
            new Scale(Duration.FromMilliseconds(125), 8, maxDriftPpm),
            new Scale(s_second, 10, maxDriftPpm),
            new Scale(Duration.FromSeconds(5), 12, maxDriftPpm),
        ];
        _recent = _scales[1];
    }

    /// <summary>
    /// An estimator for hosts as they come: 200 ppm between the clocks (crystals are within 100 each), steps from half a
    /// millisecond.
    /// </summary>
    public OffsetEstimator()
        : this(200, new Duration(500_000))
    {
    }

    /// <summary>The most by which one clock may run faster than the other, in millionths.</summary>
    public int MaxDriftPpm { get; }

    /// <summary>The last step that was found.</summary>
    public ClockStep? LastStep { get; private set; }

    /// <summary>How many steps were found.</summary>
    public long Steps { get; private set; }

    /// <summary>A step is suspected; until it is decided the offset is unknown.</summary>
    public bool IsSuspicious => _suspicion.Count > 0;

    /// <summary>The caller watches the local wall clock against the monotonic one, and has told of every step so far.</summary>
    public void WatchLocalClock() => _isWatched = true;

    /// <summary>Our own wall clock stepped. To be told before the samples that came after it.</summary>
    /// <param name="now">A moment after the step; what was sent before it is dropped.</param>
    /// <param name="by">How far the wall clock moved against the monotonic one; see <see cref="ClockPairing.SteppedSince"/>.</param>
    public void NoteLocalStep(MonoTime now, Duration by)
    {
        _isWatched = true;
        Forget(now);
        Note(ClockSide.Local, -by, now);
    }

    /// <summary>Takes one exchange.</summary>
    public OffsetSample Add(in ClockExchange exchange)
    {
        if (!exchange.IsConsistent || exchange.Sent < _steppedAt || exchange.Arrived < _changedAt)
        {
            return OffsetSample.Dropped;
        }

        var isFromBefore = IsSuspicious && exchange.Arrived < _suspicion.Since;
        if (!isFromBefore && (IsSuspicious || LooksStepped(exchange)))
        {
            return Suspect(exchange);
        }

        Learn(exchange.Arrived, exchange.Forward, exchange.Backward, exchange.Arrived - exchange.Sent);
        return OffsetSample.Taken;
    }

    /// <summary>What the offset can be.</summary>
    public OffsetInterval Read(MonoTime now)
    {
        var interval = OffsetInterval.Unknown;
        if (!IsSuspicious)
        {
            foreach (var scale in _scales)
            {
                interval = interval.Intersect(scale.Read(now));
            }
        }

        return interval.IsContradiction ? OffsetInterval.Unknown : interval;
    }

    /// <summary>What the samples of one time scale allow: 0 for 1 s, 1 for 10 s, 2 for 60 s.</summary>
    public OffsetInterval Read(MonoTime now, int scale) => IsSuspicious ? OffsetInterval.Unknown : _scales[scale].Read(now);

    /// <summary>
    /// How long one round trip takes at least, from the least of each direction over the last 10 seconds, which need not have been
    /// of one packet; null without samples.
    /// </summary>
    public Duration? QueueFreeRoundTrip(MonoTime now)
    {
        var interval = Read(now, 1);
        return interval.IsKnown ? interval.Width : null;
    }

    private bool LooksStepped(in ClockExchange exchange)
    {
        var known = _recent.Read(exchange.Arrived);
        if (!known.IsBounded)
        {
            known = Read(exchange.Arrived);
        }

        if (!known.IsBounded)
        {
            return false;
        }

        // Above zero: the direction became slower, or the clock moved.
        var forward = exchange.Forward - known.High;
        var backward = exchange.Backward + known.Low;
        return (forward < -_threshold && backward > _threshold) || (backward < -_threshold && forward > _threshold);
    }

    private OffsetSample Suspect(in ClockExchange exchange)
    {
        if (_suspicion.Count == 0)
        {
            var known = _recent.Read(exchange.Arrived);
            _suspicion = new Suspicion(exchange.Arrived, known.IsBounded ? known : ReadAll(exchange.Arrived));
        }

        _suspicion.Take(exchange);
        var isEnough = _suspicion.Count >= DecidingSamples
            || (_suspicion.Count >= 2 && exchange.Arrived - _suspicion.Since >= s_decidingTime);
        if (!isEnough)
        {
            return OffsetSample.Held;
        }

        Decide(exchange.Arrived);
        return OffsetSample.Taken;
    }

    private OffsetInterval ReadAll(MonoTime now) => _scales[0].Read(now).Intersect(_scales[1].Read(now)).Intersect(_scales[2].Read(now));

    private void Decide(MonoTime now)
    {
        var suspicion = _suspicion;
        var change = (suspicion.ForwardChange - suspicion.BackwardChange) / 2;
        var sum = suspicion.ForwardChange + suspicion.BackwardChange;
        var isStep = change.Abs() > _threshold && sum.Abs() <= Duration.Max(_threshold, change.Abs() / 4);
        if (isStep)
        {
            Forget(new MonoTime(long.MinValue));
            _changedAt = suspicion.Since;
            Note(_isWatched ? ClockSide.Remote : ClockSide.Unknown, change, now);
        }

        _suspicion = default;
        Learn(suspicion.Since, suspicion.Forward, Duration.MaxValue, suspicion.LongestTrip);
        Learn(suspicion.Since, Duration.MaxValue, suspicion.Backward, suspicion.LongestTrip);
    }

    private void Learn(MonoTime at, Duration forward, Duration backward, Duration trip)
    {
        var slack = new Duration(((trip.Nanoseconds / 1_000_000) + 1) * MaxDriftPpm);
        foreach (var scale in _scales)
        {
            scale.Add(at, forward, backward, slack);
        }
    }

    private void Forget(MonoTime droppedBefore)
    {
        _steppedAt = new MonoTime(Math.Max(_steppedAt.Nanoseconds, droppedBefore.Nanoseconds));
        _suspicion = default;
        foreach (var scale in _scales)
        {
            scale.Clear();
        }
    }

    private void Note(ClockSide side, Duration change, MonoTime now)
    {
        Steps++;
        LastStep = new ClockStep(side, change, now);
    }

    /// <summary>The bounds over one length of time.</summary>
    private sealed class Scale(Duration step, int steps, int ppm)
    {
        private readonly MinimumRing _forward = new(step, steps, ppm);
        private readonly MinimumRing _backward = new(step, steps, ppm);

        public void Clear()
        {
            _forward.Clear();
            _backward.Clear();
        }

        public void Add(MonoTime at, Duration forward, Duration backward, Duration slack)
        {
            if (forward < Duration.MaxValue)
            {
                _forward.Add(at, forward + slack);
            }

            if (backward < Duration.MaxValue)
            {
                _backward.Add(at, backward + slack);
            }
        }

        public OffsetInterval Read(MonoTime now) => new(-_backward.Read(now), _forward.Read(now));
    }

    /// <summary>What came since a step is suspected, beside what was known before.</summary>
    private struct Suspicion(MonoTime since, OffsetInterval known)
    {
        public readonly MonoTime Since => since;

        public int Count { get; private set; }

        public Duration Forward { get; private set; }

        public Duration Backward { get; private set; }

        public Duration LongestTrip { get; private set; }

        public readonly Duration ForwardChange => Forward - known.High;

        public readonly Duration BackwardChange => Backward + known.Low;

        public void Take(in ClockExchange exchange)
        {
            Forward = Count == 0 ? exchange.Forward : Duration.Min(Forward, exchange.Forward);
            Backward = Count == 0 ? exchange.Backward : Duration.Min(Backward, exchange.Backward);
            // What drifted since the first of them is slack as well.
            LongestTrip = Duration.Max(LongestTrip, exchange.Arrived - since + (exchange.Arrived - exchange.Sent));
            Count++;
        }
    }
}
