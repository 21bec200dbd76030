using System.Globalization;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Paths;

/// <summary>
/// What is worth a line about one path: flows that lose everything while others do not, a clock that stepped, packets of a size that do not
/// pass. Told when it begins, changes and ends, and not more often than every ten seconds.
/// </summary>
internal sealed class PathNews
{
    // With fewer it may be chance.
    private const uint FewestLost = 4;

    private const int MostPorts = 8;

    private static readonly Duration s_pause = Duration.FromSeconds(10);

    private HashSet<int> _toldDead = [];
    private uint[] _lostInARow = [];
    private long _lostInSilence;
    private MonoTime _nextDead;
    private long _toldSteps;
    private int? _toldFailing;
    private MonoTime _nextMtu;

    /// <summary>What a window has to tell.</summary>
    /// <param name="series">The path, the window taken in.</param>
    /// <param name="window">Its last second.</param>
    public IEnumerable<string> Of(PathSeries series, PathWindow window)
    {
        if (OfFlows(window) is { } flows)
        {
            yield return flows;
        }

        if (OfSteps(series) is { } step)
        {
            yield return step;
        }

        if (OfMtu(window) is { } mtu)
        {
            yield return mtu;
        }
    }

    private string? OfFlows(PathWindow window)
    {
        CountLosses(window);
        if (_lostInSilence > 0)
        {
            // It may be the whole path, which its losses tell; whether some flows are better off nobody knows.
            return null;
        }

        var dead = new HashSet<int>();
        for (var i = 0; i < window.Flows.Count; i++)
        {
            if (_lostInARow[i] >= FewestLost)
            {
                dead.Add(i);
            }
        }

        if (dead.SetEquals(_toldDead) || window.Until < _nextDead)
        {
            return null;
        }

        (_toldDead, _nextDead) = (dead, window.Until + s_pause);
        return dead.Count == 0
            ? "all flows get through again"
            : string.Create(CultureInfo.InvariantCulture, $"{dead.Count} of {window.Flows.Count} flows lose everything: source port {Ports(window, dead)}");
    }

    /// <summary>
    /// What is lost while no flow at all gets through is no flow's own: once it is as much as there are flows, each has had its turn, and the
    /// counts begin anew.
    /// </summary>
    private void CountLosses(PathWindow window)
    {
        if (_lostInARow.Length != window.Flows.Count)
        {
            _lostInARow = new uint[window.Flows.Count];
        }

        var (answered, lost) = (0L, 0L);
        for (var i = 0; i < window.Flows.Count; i++)
        {
            var flow = window.Flows[i];
            var (came, gone) = (flow.Answered + flow.Late, flow.LostForward + flow.LostBackward + flow.LostUnknown);
            _lostInARow[i] = came > 0 ? 0 : _lostInARow[i] + gone;
            (answered, lost) = (answered + came, lost + gone);
        }

        _lostInSilence = answered > 0 ? 0 : _lostInSilence + lost;
        if (_lostInSilence >= window.Flows.Count)
        {
            Array.Clear(_lostInARow);
        }
    }

    private string? OfSteps(PathSeries series)
    {
        if (series.ClockSteps == _toldSteps || series.LastStep is not { } step)
        {
            return null;
        }

        _toldSteps = series.ClockSteps;
        var by = step.Side == ClockSide.Local ? -step.OffsetChange : step.OffsetChange;
        var whose = step.Side == ClockSide.Local ? "this host's clock" : $"the clock of {series.Labels.Target}";
        return string.Create(CultureInfo.InvariantCulture, $"{whose} stepped by {by.Seconds:+0.000;-0.000} s; no delay is made of that");
    }

    private string? OfMtu(PathWindow window)
    {
        if (window.Mtu.Passing is not { } passing || window.Mtu.Failing == _toldFailing || window.Until < _nextMtu)
        {
            return null;
        }

        // While the search goes on its bounds move: what is told has nothing in between.
        if (window.Mtu.Failing is { } failing && failing - passing > 1)
        {
            return null;
        }

        (_toldFailing, _nextMtu) = (window.Mtu.Failing, window.Until + s_pause);
        return window.Mtu.Failing is null
            ? string.Create(CultureInfo.InvariantCulture, $"packets of {passing} bytes pass again")
            : string.Create(CultureInfo.InvariantCulture, $"packets of up to {passing} bytes pass, larger ones do not");
    }

    private static string Ports(PathWindow window, HashSet<int> dead) =>
        string.Join(", ", dead.Order().Take(MostPorts).Select(i => window.Flows[i].SourcePort)) + (dead.Count > MostPorts ? ", ..." : "");
}
