using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Diagnosis.Views;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Live;

/// <summary>
/// The last two seconds of what one node saw of another, and what is usual. Slices are kept as numbers in place, not as objects: there are thousands of
/// these, each gets four slices a second, and what lives for two seconds is dear to collect.
/// </summary>
internal sealed class PairRecord
{
    /// <summary>Slices kept: two seconds.</summary>
    public const int Kept = 8;

    private const int Settling = 4;

    private static readonly Duration s_span = Duration.FromMilliseconds(2_100);

    private readonly Sample[] _samples = new Sample[Kept];
    private Baseline _forward;
    private Baseline _backward;
    private Baseline _roundTrip;
    private PeerSlice? _last;
    private PairFigures? _figures;
    private int _next;
    private int _count;
    private int _settled;

    /// <summary>When it was told of last.</summary>
    public MonoTime Received { get; private set; }

    /// <summary>Takes the next slice.</summary>
    public void Take(PeerSlice peer, MonoTime until, MonoTime received)
    {
        var path = peer.Path;
        _samples[_next] = new Sample(until, peer);
        _next = (_next + 1) % Kept;
        _count = Math.Min(_count + 1, Kept);
        (_last, _figures, Received) = (peer, null, received);
        if (path is null || (path.Counts.Answered > 0 && _settled++ < Settling))
        {
            return;
        }

        Learn(ref _forward, path.Forward);
        Learn(ref _backward, path.Backward);
        Learn(ref _roundTrip, path.RoundTrip);
    }

    /// <summary>The node began anew: what was usual stays so, what was seen does not.</summary>
    public void Restart() => (_count, _next, _settled, _figures, _last) = (0, 0, 0, null, null);

    /// <summary>What was seen; null where nothing was.</summary>
    public PairFigures? Figures(string subject) => _last is null ? null : _figures ??= Fold(subject, _last);

    private static void Learn(ref Baseline baseline, DelaySlice? delay)
    {
        if (delay is { } seen)
        {
            baseline.Take(seen.Median);
        }
    }

    private static Duration? Usual(Baseline baseline) => baseline.IsKnown ? baseline.Usual : null;

    private PairFigures Fold(string subject, PeerSlice last)
    {
        var until = _samples[(_next + Kept - 1) % Kept].Until;
        PathCounts counts = default;
        long? requests = null;
        for (var i = 0; i < _count; i++)
        {
            ref readonly var sample = ref _samples[i];
            if (until - sample.Until < s_span)
            {
                counts = counts.Plus(sample.Counts);
                requests = sample.Requests < 0 ? requests : (requests ?? 0) + sample.Requests;
            }
        }

        var path = last.Path;
        return new PairFigures(subject, until)
        {
            HasPath = path is not null,
            Counts = counts,
            PathSilence = path?.Silence ?? Duration.Zero,
            Forward = Delays(until, static s => s.Forward, Usual(_forward)),
            Backward = Delays(until, static s => s.Backward, Usual(_backward)),
            RoundTrip = Delays(until, static s => s.RoundTrip, Usual(_roundTrip)),
            Bound = path is { Bound.Nanoseconds: > 0 } ? path.Bound : null,
            Requests = requests,
            IsConnected = last.IsConnected,
            Silence = last.Silence,
            Offset = path?.Offset ?? OffsetInterval.Unknown,
        };
    }

    private DirectionFigures Delays(MonoTime until, Func<Sample, DelaySlice> of, Duration? usual)
    {
        Span<(long Median, long Count)> medians = stackalloc (long, long)[Kept];
        var (found, all, p99, max) = (0, 0L, 0L, 0L);
        for (var i = 0; i < _count; i++)
        {
            var delay = of(_samples[i]);
            if (delay.Count <= 0 || until - _samples[i].Until >= s_span)
            {
                continue;
            }

            medians[found++] = (delay.Median.Nanoseconds, delay.Count);
            all += delay.Count;
            (p99, max) = (Math.Max(p99, delay.P99.Nanoseconds), Math.Max(max, delay.Max.Nanoseconds));
        }

        return all == 0 ? default : new DirectionFigures(all, new Duration(Middle(medians[..found], all)), new Duration(p99), new Duration(max), usual);
    }

    /// <summary>The median of medians, each as heavy as its packets are many.</summary>
    private static long Middle(Span<(long Median, long Count)> medians, long all)
    {
        medians.Sort(static (a, b) => a.Median.CompareTo(b.Median));
        var before = 0L;
        foreach (var (median, count) in medians)
        {
            before += count;
            if (before * 2 >= all)
            {
                return median;
            }
        }

        return medians[^1].Median;
    }

    private readonly struct Sample(MonoTime until, PeerSlice peer)
    {
        public MonoTime Until { get; } = until;

        public PathCounts Counts { get; } = peer.Path?.Counts ?? default;

        public DelaySlice Forward { get; } = peer.Path?.Forward ?? default;

        public DelaySlice Backward { get; } = peer.Path?.Backward ?? default;

        public DelaySlice RoundTrip { get; } = peer.Path?.RoundTrip ?? default;

        /// <summary>-1 where nobody counted.</summary>
        public long Requests { get; } = Sum(peer.Requests);

        private static long Sum(IReadOnlyList<FlowRequests>? requests)
        {
            if (requests is null)
            {
                return -1;
            }

            var sum = 0L;
            for (var i = 0; i < requests.Count; i++)
            {
                sum += requests[i].Received;
            }

            return sum;
        }
    }
}
