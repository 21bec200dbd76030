using Meshpulse.Core.Config;
using Meshpulse.Core.Statistics;

namespace Meshpulse.Core.Checks;

/// <summary>One datacenter level's line of a report: the sum over all pairs of one kind.</summary>
/// <param name="Kind">How they probe; kinds are never added up with one another.</param>
/// <param name="From">Full name of the datacenter that probes, or <see cref="DatacenterPrefixes.None"/>.</param>
/// <param name="To">A dotted prefix of the datacenters that are probed, or <see cref="DatacenterPrefixes.None"/>.</param>
/// <param name="Window">The sum, with the true extremes of those that answered.</param>
public sealed record DatacenterReport(CheckKind Kind, string From, string To, WindowSums Window)
{
    /// <summary>
    /// Adds the pairs up: kinds in their order of appearance, in each every source with every prefix of its targets' datacenters,
    /// likewise in the order of appearance.
    /// </summary>
    public static IReadOnlyList<DatacenterReport> Of(IEnumerable<ProbeReport> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var sums = new OrderedDictionary<(CheckKind Kind, string From, string To), WindowSums>();
        foreach (var pair in pairs)
        {
            foreach (var prefix in DatacenterPrefixes.Of(pair.Probe.To.Datacenter))
            {
                var key = (pair.Probe.Kind, DatacenterPrefixes.NameOf(pair.Probe.From.Datacenter), prefix);
                sums[key] = sums.GetValueOrDefault(key).Plus(pair.Window);
            }
        }

        return [.. sums.OrderBy(sum => sum.Key.Kind).Select(sum => new DatacenterReport(sum.Key.Kind, sum.Key.From, sum.Key.To, sum.Value))];
    }
}
