using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Diagnosis.Slices;

/// <summary>What was told of one path since the last cut: usually one window; none or two where the cut and the windows' end crossed. Belongs to a <see cref="PeerRecord"/>.</summary>
internal sealed class PathRecord(PathSettings settings)
{
    private readonly FlowSlice[] _flows = new FlowSlice[settings.AllFlows];
    private DelayFigures? _delays;
    private bool _ownsDelays;
    private PathCounts _counts;
    private PathWindow? _last;
    private Duration _silence;
    private ClockStep? _step;

    public void Add(PathWindow window, in PathMoment moment, ClockStep? step)
    {
        (_last, _silence, _step) = (window, moment.Silence, step ?? _step);
        _counts = _counts.Plus(window.Counts);
        AddDelays(window.Delays);
        for (var i = 0; i < _flows.Length && i < window.Flows.Count; i++)
        {
            var (flow, sum) = (window.Flows[i], _flows[i]);
            _flows[i] = new FlowSlice(
                flow.SourcePort,
                sum.Sent + flow.Sent,
                sum.Answered + flow.Answered + flow.Late,
                sum.LostForward + flow.LostForward,
                sum.LostBackward + flow.LostBackward,
                sum.LostUnknown + flow.LostUnknown)
            {
                IsLarge = settings.IsLarge(i),
            };
        }
    }

    /// <summary>What the slice says of it; null before its first window is over.</summary>
    public PathSlice? Cut()
    {
        if (_last is not { } last)
        {
            return null;
        }

        var slice = new PathSlice
        {
            Counts = _counts,
            Silence = _silence,
            Interval = settings.Interval,
            RoundTrip = Small(_delays?.RoundTrip),
            Forward = Small(_delays?.Forward),
            Backward = Small(_delays?.Backward),
            Bound = _delays?.Bound ?? Duration.Zero,
            Offset = last.Offset,
            Step = _step,
            ForwardHopLimit = last.ForwardHopLimit,
            BackwardHopLimit = last.BackwardHopLimit,
            Mtu = last.Mtu,
            Flows = [.. _flows],
        };
        Begin();
        return slice;
    }

    private void Begin()
    {
        (_counts, _step, _delays, _ownsDelays) = (default, null, null, false);
        for (var i = 0; i < _flows.Length; i++)
        {
            _flows[i] = new FlowSlice(_flows[i].SourcePort, 0, 0, 0, 0, 0) { IsLarge = _flows[i].IsLarge };
        }
    }

    /// <summary>A window's figures have other readers: what is added to is a copy.</summary>
    private void AddDelays(DelayFigures delays)
    {
        if (_delays is null)
        {
            _delays = delays;
            return;
        }

        if (!_ownsDelays)
        {
            (_delays, _ownsDelays) = (_delays.Clone(), true);
        }

        _delays.Add(delays);
    }

    private static DelaySlice? Small(HdrHistogram? delays) => delays is not { TotalCount: > 0 } ? null : new DelaySlice(
        delays.TotalCount,
        new Duration(delays.ExactMin),
        new Duration(delays.ValueAtPercentile(50)),
        new Duration(delays.ValueAtPercentile(99)),
        new Duration(delays.ExactMax));
}
