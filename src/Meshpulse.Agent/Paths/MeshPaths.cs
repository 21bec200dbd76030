using Meshpulse.Agent.Export;
using Meshpulse.Agent.Fleet;
using Meshpulse.Agent.History;
using Meshpulse.Agent.Reflecting;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Probing.Stamp;
using Meshpulse.Core.Time;
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
        Interval = Duration.FromMilliseconds(25),
        Window = PathSettings.WindowStep,
        Payload = keys is null ? StampForm.FullLength : StampForm.FullAuthenticatedLength,
        Keys = keys,
        Timeout = Duration.FromMilliseconds(500),
        LargePayload = mesh.Self.IsV6 ? 1_452 : 1_472,
        TrialInterval = Duration.FromSeconds(60),
        ErrorEstimate = KernelErrorEstimate.Read(out _),
        Local = mesh.Self.WithPort(0),
    };

    // Each time that a peer joins its path has a number of its own: what is still told of the one before is nobody's.
    private readonly Dictionary<int, (int Path, NodeEndpoint Node, MonoTime Begin)> _paths = [];
    private readonly Dictionary<NodeEndpoint, MonoTime> _silent = [];
    private int _joins;

    /// <summary>Replies that our own receive queues dropped.</summary>
    public long Drops => driver.Traffic.Drops;

    /// <summary>A peer joined, or has joined again.</summary>
    public void OnJoined(int peer, NodeEndpoint node, MonoTime now)
    {
        foreach (var (other, path) in _paths)
        {
            if (other == peer || path.Node == node)
            {
                OnLeft(other, now);
            }
        }

        Begin(peer, node, now);
    }

    /// <summary>A peer left: a path that nobody stands at the end of tells nothing.</summary>
    public void OnLeft(int peer, MonoTime now)
    {
        if (!_paths.Remove(peer, out var left))
        {
            return;
        }

        Forget(now);
        if (now - left.Begin >= PathNode.Settle && book.Series.TryGetValue(left.Path, out var series) && !series.IsProven)
        {
            _silent[left.Node] = now + _settings.TrialInterval!.Value;
        }

        book.Remove(left.Path);
        driver.Post(paths => paths.Remove(left.Path));
    }

    private void Begin(int peer, NodeEndpoint node, MonoTime now)
    {
        var path = PathOutbox.FirstMeshPath + (_joins++ & (PathOutbox.FirstMeshPath - 1));
        // Who comes and goes is not asked more often for that.
        var begin = _silent.TryGetValue(node, out var until) && until > now ? until : now;
        _paths.Add(peer, (path, node, begin));
        book.Add(path, LabelsOf(node), _settings, now);
        book.Slices?.OnPathAdded(path, peer);
        driver.Post(paths => paths.Add(path, _settings, node, begin));
    }

    private void Forget(MonoTime now)
    {
        foreach (var (node, until) in _silent)
        {
            if (until <= now)
            {
                _silent.Remove(node);
            }
        }
    }

    private PathLabels LabelsOf(NodeEndpoint node)
    {
        var (source, target) = (mesh.Self.AddressText, node.Port == mesh.Self.Port ? node.AddressText : node.ToString());
        return new PathLabels(source, target, [new Label("source", source), new Label("target", target), new Label("check", "mesh")])
        {
            // As verdicts call the nodes.
            Stored = new SeriesName(SeriesKind.Path, NodeNames.Of(mesh.Self), NodeNames.Of(node), "mesh"),
        };
    }
}
