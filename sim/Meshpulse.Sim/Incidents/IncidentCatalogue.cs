using Meshpulse.Core.Diagnosis;
using Meshpulse.Core.Statistics;
using Meshpulse.Core.Time;
using Meshpulse.Sim.Machines;

namespace Meshpulse.Sim.Incidents;

/// <summary>
/// Which incidents can be drawn. Of the catalogue of verdicts all but <see cref="VerdictKind.ObserverSick"/>, which is no incident of its own: it is what a host that
/// is held up may say of itself.
/// </summary>
public static class IncidentCatalogue
{
    /// <summary>The name of a time in which nothing happens.</summary>
    public const string Calm = "calm";

    private static readonly string s_partition = VerdictKinds.IdOf(VerdictKind.MeshPartitioned);

    private static readonly Dictionary<VerdictKind, Func<IncidentScene, Incident>> s_draws = new()
    {
        [VerdictKind.HostCpuContention] = s => HostIncidents.Stall(s, VerdictKind.HostCpuContention, StallCause.CpuContention),
        [VerdictKind.HostCpuThrottled] = s => HostIncidents.Stall(s, VerdictKind.HostCpuThrottled, StallCause.CpuThrottled),
        [VerdictKind.HostCpuSteal] = s => HostIncidents.Stall(s, VerdictKind.HostCpuSteal, StallCause.CpuSteal),
        [VerdictKind.HostIoPressure] = s => HostIncidents.Stall(s, VerdictKind.HostIoPressure, StallCause.IoPressure),
        [VerdictKind.HostMemoryPressure] = s => HostIncidents.Stall(s, VerdictKind.HostMemoryPressure, StallCause.MemoryPressure),
        [VerdictKind.HostFrozen] = HostIncidents.Freeze,
        [VerdictKind.HostPowerSave] = s => HostIncidents.Stall(s, VerdictKind.HostPowerSave, StallCause.PowerSave),
        [VerdictKind.HostPinning] = s => HostIncidents.Stall(s, VerdictKind.HostPinning, StallCause.Pinning),
        [VerdictKind.HostReceiveDrops] = HostIncidents.ReceiveDrops,
        [VerdictKind.HostRuntimePause] = s => HostIncidents.Stall(s, VerdictKind.HostRuntimePause, StallCause.RuntimePause),
        [VerdictKind.HostStalled] = s => HostIncidents.Stall(s, VerdictKind.HostStalled, StallCause.Unknown),
        [VerdictKind.HostProcessGone] = HostIncidents.ProcessGone,
        [VerdictKind.HostGone] = HostIncidents.Gone,
        [VerdictKind.HostRestarted] = HostIncidents.Restarted,
        [VerdictKind.HostLeft] = HostIncidents.Left,
        [VerdictKind.HostMaintenance] = HostIncidents.Maintenance,
        [VerdictKind.ClockStep] = HostIncidents.Step,
        [VerdictKind.ClockDrift] = HostIncidents.Drift,
        [VerdictKind.ClockUnsynchronised] = HostIncidents.Unsynchronised,
        [VerdictKind.PathLoss] = PathIncidents.Loss,
        [VerdictKind.PathBlackhole] = PathIncidents.Blackhole,
        [VerdictKind.PathFlowLoss] = PathIncidents.FlowLoss,
        [VerdictKind.PathLatency] = PathIncidents.Latency,
        [VerdictKind.PathJitter] = PathIncidents.Jitter,
        [VerdictKind.PathCongestion] = PathIncidents.Congestion,
        [VerdictKind.PathMtu] = PathIncidents.Mtu,
        [VerdictKind.PathReordering] = PathIncidents.Reordering,
        [VerdictKind.PathDuplication] = PathIncidents.Duplication,
        [VerdictKind.PathCorruption] = PathIncidents.Corruption,
        [VerdictKind.PathChanged] = PathIncidents.Changed,
        [VerdictKind.NodeUplink] = WideIncidents.Uplink,
        [VerdictKind.DatacenterDown] = WideIncidents.DatacenterDown,
        [VerdictKind.DatacenterPath] = WideIncidents.DatacenterPath,
        [VerdictKind.MeshPartitioned] = WideIncidents.Partition,
    };

    /// <summary>All names, in the order of the catalogue of verdicts, calm times first.</summary>
    public static IReadOnlyList<string> Names { get; } = [Calm, .. s_draws.Keys.Order().Select(VerdictKinds.IdOf)];

    /// <summary>Whether a kind needs datacenters, and takes whole ones.</summary>
    public static bool IsOfDatacenters(string name) => name.StartsWith("datacenter.", StringComparison.Ordinal);

    /// <summary>Draws an incident.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="scene">Where; of a world that has not begun yet.</param>
    public static Incident Draw(string name, IncidentScene scene) => VerdictKinds.TryParse(name, out var kind)
        ? s_draws[kind](scene)
        : new Incident(null, "nothing happens", Duration.FromSeconds(10));

    /// <summary>Draws the kind of an incident that begins while one lasts.</summary>
    /// <param name="name">The kind of the first.</param>
    /// <param name="random">Of the choice.</param>
    /// <returns>Null where there is no place for another.</returns>
    public static string? SecondOf(string name, SplitMix64 random)
    {
        if (name == Calm || name == s_partition)
        {
            return null;
        }

        // Of three datacenters a trunk leaves one; and of two without power the third can't tell that it is not itself to blame.
        List<string> kinds = [.. Names.Where(n => n != Calm && n != s_partition && !(n == name && IsOfDatacenters(n)))];
        return kinds[random.Below(kinds.Count)];
    }

    /// <summary>The datacenters of a world's machines, by what is to happen in it.</summary>
    /// <param name="names">Of <see cref="Names"/>.</param>
    /// <param name="nodes">How many machines; at least 4.</param>
    /// <param name="random">For those that don't care.</param>
    public static IReadOnlyList<string?> Layout(IReadOnlyList<string> names, int nodes, SplitMix64 random)
    {
        var count = names.Any(IsOfDatacenters) ? 3 : random.Below(4);
        return [.. Enumerable.Range(0, nodes).Select(i => count < 2 ? null : $"d{1 + (i % count)}")];
    }
}
