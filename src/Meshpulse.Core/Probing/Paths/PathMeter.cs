using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Core.Probing.Paths;

/// <summary>
/// Makes the windows of one path out of what a <see cref="PathNode"/> told of it: the second half of the measuring, off the probing thread. Its
/// windows end where the node says, so that each holds just what was told before. One thread.
/// </summary>
public sealed class PathMeter
{
    private readonly PathDelays _delays = new();
    private readonly QueueFreeMinimum _queueFree = new();
    private readonly PathSettings _settings;
    private readonly FlowTotals[] _totals;
    private readonly FlowTotals[] _atCut;
    private readonly FlowCounters[] _flows;
    private readonly DelayVariation[] _variations;
    private MonoTime _cutAt;
    private long _steps;
    private SeenField _forwardHops;
    private SeenField _backwardHops;
    private SeenField _seenDscp;

    /// <summary>A meter of a path that has sent nothing.</summary>
    /// <param name="settings">The path's.</param>
    /// <param name="now">When the first window begins.</param>
    public PathMeter(PathSettings settings, MonoTime now)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        _cutAt = now;
        _totals = new FlowTotals[settings.AllFlows];
        _atCut = new FlowTotals[settings.AllFlows];
        _flows = new FlowCounters[settings.AllFlows];
        _variations = new DelayVariation[settings.AllFlows];
    }

    /// <summary>The last step of a clock; null where there was none.</summary>
    public ClockStep? LastStep => _delays.LastStep;

    /// <summary>Steps of either clock that were seen.</summary>
    public long Steps => _delays.Steps;

    /// <summary>By how much the other's clock is ahead.</summary>
    public OffsetInterval Offset => _delays.Offset;

    /// <summary>Whether the reflector says that its clock is synchronised; null before the first reply.</summary>
    public bool? IsSynchronised { get; private set; }

    /// <summary>Each flow's totals since the path is probed.</summary>
    public IReadOnlyList<FlowTotals> Totals => _totals;

    /// <summary>All flows together since the path is probed.</summary>
    public PathCounts Counts { get; private set; }

    /// <summary>Where the times came from since the path is probed.</summary>
    public StampCounts Stamps { get; private set; }

    private StampCounts StampsAtCut { get; set; }

    /// <summary>Takes an exchange.</summary>
    /// <returns>True where its times hold and its round trip counts.</returns>
    public bool Add(in PathExchange exchange)
    {
        Stamps = new StampCounts(
            Stamps.Exchanges + 1,
            Stamps.Send + (exchange.Stamps.HasFlag(PathStamps.Send) ? 1 : 0),
            Stamps.Reflector + (exchange.Stamps.HasFlag(PathStamps.Reflector) ? 1 : 0),
            Stamps.Receive + (exchange.Stamps.HasFlag(PathStamps.Receive) ? 1 : 0));
        _forwardHops.See(exchange.SenderTtl);
        _backwardHops.See(exchange.Ttl);
        if (exchange.SeenDscp is { } seen && _settings.DscpOf(exchange.Flow) == _settings.Dscp)
        {
            _seenDscp.See(seen);
        }

        IsSynchronised = exchange.IsSynchronised;
        if (!_delays.Add(exchange.Clocks))
        {
            return false;
        }

        ForgetVariationOnStep();
        Vary(exchange);
        _queueFree.Add(exchange.Clocks.Arrived, exchange.Clocks.RoundTrip);
        _flows[exchange.Flow].AddRoundTrip(exchange.Clocks.RoundTrip);
        return true;
    }

    /// <summary>Takes a flow's totals.</summary>
    public void Add(in FlowTotals totals)
    {
        if (totals.Flow < _totals.Length)
        {
            _totals[totals.Flow] = totals;
        }
    }

    /// <summary>Ends the window.</summary>
    public PathWindow Cut(in PathMoment moment)
    {
        var counts = default(PathCounts);
        var extent = 0L;
        foreach (ref readonly var flow in _totals.AsSpan())
        {
            counts = counts.Plus(CountsOf(flow));
            extent = Math.Max(extent, flow.ReorderingExtent);
        }

        var window = new PathWindow(
            _cutAt,
            moment.Until,
            counts.Since(Counts),
            extent,
            _delays.Cut(),
            _queueFree.Read(moment.Until),
            _delays.Offset,
            _forwardHops,
            _backwardHops,
            (byte)_settings.Dscp,
            _seenDscp,
            new StampCounts(
                Stamps.Exchanges - StampsAtCut.Exchanges,
                Stamps.Send - StampsAtCut.Send,
                Stamps.Reflector - StampsAtCut.Reflector,
                Stamps.Receive - StampsAtCut.Receive),
            moment.Mtu,
            CutFlows());
        (Counts, StampsAtCut, _cutAt) = (counts, Stamps, moment.Until);
        return window;
    }

    private FlowCounters[] CutFlows()
    {
        var cut = new FlowCounters[_flows.Length];
        for (var i = 0; i < cut.Length; i++)
        {
            ref readonly var now = ref _totals[i];
            ref readonly var before = ref _atCut[i];
            cut[i] = _flows[i] with
            {
                SourcePort = now.SourcePort,
                Dscp = now.Dscp,
                Sent = Rise(now.Sent, before.Sent),
                Unsent = Rise(now.Unsent, before.Unsent),
                Answered = Rise(now.Answered, before.Answered),
                Late = Rise(now.Late, before.Late),
                LostForward = Rise(now.LostForward, before.LostForward),
                LostBackward = Rise(now.LostBackward, before.LostBackward),
                LostUnknown = Rise(now.LostUnknown, before.LostUnknown),
                Duplicates = Rise(now.Duplicates, before.Duplicates),
                Reordered = Rise(now.Reordered, before.Reordered),
                ReorderingExtent = now.ReorderingExtent,
                ReceiveDrops = Rise(now.ReceiveDrops, before.ReceiveDrops),
            };
        }

        _totals.CopyTo(_atCut, 0);
        Array.Clear(_flows);
        return cut;
    }

    private static uint Rise(uint now, uint before) => now > before ? now - before : 0;

    private static PathCounts CountsOf(in FlowTotals flow) => new(
        flow.Sent,
        flow.Unsent,
        flow.Answered,
        flow.Late,
        flow.LostForward,
        flow.LostBackward,
        flow.LostUnknown,
        flow.Duplicates,
        flow.Reordered,
        flow.Corrupted,
        flow.Strays,
        flow.Epochs)
    {
        ReceiveDrops = flow.ReceiveDrops,
    };

    private void ForgetVariationOnStep()
    {
        if (_steps == _delays.Steps)
        {
            return;
        }

        _steps = _delays.Steps;
        foreach (ref var variation in _variations.AsSpan())
        {
            variation.Break();
        }
    }

    private void Vary(in PathExchange exchange)
    {
        if (_variations[exchange.Flow].TryNext(
            exchange.Sequence, exchange.Clocks.Forward, exchange.Clocks.Backward, out var forward, out var backward))
        {
            _delays.Figures.AddVariation(forward, backward);
        }
    }
}
