using Meshpulse.Agent.Hosting;
using Meshpulse.Agent.Reflecting;
using Meshpulse.Core.Config;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Paths;

/// <summary>The checks of the kind <c>stamp</c>: their paths have the numbers of their probes.</summary>
/// <param name="driver">The paths' part of the probing thread.</param>
/// <param name="collector">Who holds the series.</param>
/// <param name="book">The paths' series.</param>
internal sealed class CheckPaths(PathDriver driver, Collector collector, PathBook book)
{
    /// <summary>Begins to probe, or begins anew with other settings.</summary>
    /// <param name="id">The probe's number.</param>
    /// <param name="definition">Of the kind stamp.</param>
    /// <param name="target">Where to; null while its name has no address.</param>
    public void Add(int id, ProbeDefinition definition, NodeEndpoint? target)
    {
        var settings = SettingsOf(definition);
        collector.Hold(now => book.Add(id, LabelsOf(definition), settings, now));
        driver.Post(paths =>
        {
            paths.Remove(id);
            paths.Add(id, settings, target, SystemClocks.Mono());
        });
    }

    /// <summary>A probe goes on under other labels: datacenters may change.</summary>
    public void Rename(int id, ProbeDefinition definition) => collector.Hold(_ => book.Rename(id, LabelsOf(definition)));

    /// <summary>Ends a probe; nothing where there is none of that number.</summary>
    public void Remove(int id)
    {
        collector.Hold(_ => book.Remove(id));
        driver.Post(paths => paths.Remove(id));
    }

    /// <summary>A probe's name has another address, or none any more.</summary>
    public void SetTarget(int id, NodeEndpoint? target) => driver.Post(paths => paths.SetTarget(id, target));

    private static PathSettings SettingsOf(ProbeDefinition definition) => new()
    {
        Interval = definition.Interval,
        Timeout = definition.Timeout,
        Flows = definition.Flows,
        Payload = definition.Payload,
        Dscp = definition.Dscp,
        DscpSweep = definition.DscpSweep,
        LargestPacket = definition.MtuProbe,
        Keys = definition.Keys,
        ErrorEstimate = KernelErrorEstimate.Read(out _),
    };

    private static PathLabels LabelsOf(ProbeDefinition definition) =>
        new(definition.From.Name, definition.To.Name, CheckFamilies.LabelsOf(definition));
}
