using System.Globalization;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Interop;

namespace Meshpulse.Agent.Paths;

/// <summary>
/// What is worth a line about one path: flows that lose everything while others do not, a clock that stepped, packets of a size that do not
/// pass, sockets that this host does not give. Told when it begins, changes and ends, and not more often than every ten seconds.
/// </summary>
internal sealed class PathNews
{
    private const int MostPorts = 8;

    private static readonly Duration s_pause = Duration.FromSeconds(10);

    private IReadOnlyList<int> _toldDead = [];
    private MonoTime _nextDead;
    private long _toldSteps;
    private int? _toldFailing;
    private MonoTime _nextMtu;
    private bool _toldGap;
    private MonoTime _nextGap;

    /// <summary>What a window has to tell.</summary>
    /// <param name="series">The path, the window taken in.</param>
    /// <param name="window">Its last one.</param>
    public IEnumerable<string> Of(PathSeries series, PathWindow window)
    {
        if (OfFlows(series, window) is { } flows)
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

    /// <summary>What flows without a socket have to tell; null for nothing. How many they are may change without a line: they are asked for one by one.</summary>
    public string? Of(in SocketGap gap)
    {
        // The end waits for nothing: it is said once, and there is no more of it than there were beginnings.
        if (gap.Missing > 0 == _toldGap || (gap.Missing > 0 && gap.At < _nextGap))
        {
            return null;
        }

        (_toldGap, _nextGap) = (gap.Missing > 0, gap.At + s_pause);
        return gap.Missing == 0
            ? "all flows have their sockets again"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{gap.Missing} of {gap.Flows} flows have no socket ({((Errno)gap.Error).Text()}): their probes count as unsent, not as lost, and it is tried again");
    }

    private string? OfFlows(PathSeries series, PathWindow window)
    {
        var dead = series.DeadFlows;
        if (dead.SequenceEqual(_toldDead) || window.Until < _nextDead)
        {
            return null;
        }

        (_toldDead, _nextDead) = (dead, window.Until + s_pause);
        return dead.Count == 0
            ? "all flows get through again"
            : string.Create(CultureInfo.InvariantCulture, $"{dead.Count} of {window.Flows.Count} flows lose everything: source port {Ports(window, dead)}");
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

    private static string Ports(PathWindow window, IReadOnlyList<int> dead) =>
        string.Join(", ", dead.Take(MostPorts).Select(i => window.Flows[i].SourcePort)) + (dead.Count > MostPorts ? ", ..." : "");
}
