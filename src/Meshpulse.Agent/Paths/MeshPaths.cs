using Meshpulse.Agent.Export;
using Meshpulse.Agent.Reflecting;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Time;
using Meshpulse.Linux.Timing;
using Meshpulse.Wire.Primitives;
using Meshpulse.Wire.Stamp;

namespace Meshpulse.Agent.Paths;

/// <summary>
/// Probes the mesh's peers by STAMP beside their heartbeats, at the same address and port number, by UDP. An original does not answer there:
/// it is asked once a minute. Belongs to the collector, as the series of the peers do.
/// </summary>
/// <param name="mesh">Our own place in the mesh.</param>
/// <param name="driver">The paths' part of the probing thread.</param>
/// <param name="book">The paths' series.</param>
/// <param name="keys">For meshes whose agents answer authenticated STAMP alone; null for all others.</param>
internal sealed class MeshPaths(MeshOptions mesh, PathDriver driver, PathBook book, StampKeyRing? keys)
{
    private readonly PathSettings _settings = new()
    {
        Interval = Duration.FromMilliseconds(50),
        Payload = keys is null ? StampForm.FullLength : StampForm.FullAuthenticatedLength,
        Keys = keys,
        TrialInterval = Duration.FromSeconds(60),
        ErrorEstimate = KernelErrorEstimate.Read(out _),
        Local = mesh.Self.WithPort(0),
    };

    /// <summary>A peer joined, or has joined again.</summary>
    public void OnJoined(int peer, NodeEndpoint node, MonoTime now)
    {
        var id = PathOutbox.FirstMeshPath + peer;
        book.Add(id, LabelsOf(node), _settings, now);
        driver.Post(paths =>
        {
            paths.Remove(id);
            paths.Add(id, _settings, node, SystemClocks.Mono());
        });
    }

    /// <summary>A peer left: a path that nobody stands at the end of tells nothing.</summary>
    public void OnLeft(int peer)
    {
        var id = PathOutbox.FirstMeshPath + peer;
        book.Remove(id);
        driver.Post(paths => paths.Remove(id));
    }

    private PathLabels LabelsOf(NodeEndpoint node)
    {
        var (source, target) = (mesh.Self.AddressText, node.Port == mesh.Self.Port ? node.AddressText : node.ToString());
        return new PathLabels(source, target, [new Label("source", source), new Label("target", target), new Label("check", "mesh")]);
    }
}
