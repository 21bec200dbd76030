using Meshpulse.Agent.Paths;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Time;

namespace Meshpulse.Agent.Hosting;

/// <summary>Tells the recorder of slices what came out of the probing thread's queues, in its words. Belongs to the <see cref="Collector"/>, as the series do.</summary>
/// <param name="recorder">Who is told.</param>
internal sealed class SliceFeed(SliceRecorder recorder)
{
    private readonly Dictionary<int, int> _peers = [];
    private readonly Dictionary<int, long> _steps = [];

    /// <summary>Something happened to the mesh.</summary>
    public void OnEvent(in MeshEvent happened) => recorder.OnEvent(happened);

    /// <summary>A gap began, goes on or ended.</summary>
    public void OnGap(ReceiveGap gap) => recorder.OnGap(gap);

    /// <summary>A sample of the mesh or of the thread itself.</summary>
    public void OnSample(in Sample sample)
    {
        switch (sample.Kind)
        {
            case SampleKind.Woke:
                recorder.OnWoke(new MonoTime(sample.B.Nanoseconds), sample.A);
                break;
            case SampleKind.Sent:
                recorder.OnSent(sample.Peer, default);
                break;
            case SampleKind.UnsentLate:
                recorder.OnUnsent(sample.Peer, UnsentReason.Late, sample.A.Nanoseconds);
                break;
            case SampleKind.UnsentBackpressure:
                recorder.OnUnsent(sample.Peer, UnsentReason.Backpressure, sample.A.Nanoseconds);
                break;
            default:
                recorder.OnReceived(sample.Peer, ArrivalOf(sample));
                break;
        }
    }

    /// <summary>A path to a peer of the mesh begins to be probed.</summary>
    public void OnPathAdded(int path, int peer) => _peers[path] = peer;

    /// <summary>It is not any more.</summary>
    public void OnPathRemoved(int path)
    {
        OnSilent(path);
        _ = _peers.Remove(path);
        _ = _steps.Remove(path);
    }

    /// <summary>Nobody answers there; or nobody does yet.</summary>
    public void OnSilent(int path)
    {
        if (_peers.TryGetValue(path, out var peer))
        {
            recorder.OnPathGone(peer);
        }
    }

    /// <summary>A window of a path is over, and taken into its series. Those of checks belong to no peer.</summary>
    public void OnWindow(int path, PathSeries series, in PathMoment moment)
    {
        if (!_peers.TryGetValue(path, out var peer))
        {
            return;
        }

        var steps = series.ClockSteps;
        var isNew = steps > _steps.GetValueOrDefault(path);
        _steps[path] = steps;
        recorder.OnPath(peer, series.Window!, moment, series.Settings, isNew ? series.LastStep : null);
    }

    private static HeartbeatArrival ArrivalOf(in Sample sample)
    {
        var quality = sample.Kind switch
        {
            SampleKind.ReceivedStamped => ArrivalQuality.Stamped,
            SampleKind.ReceivedBunched => ArrivalQuality.Bunched,
            _ => ArrivalQuality.Reconstructed,
        };
        return new HeartbeatArrival(sample.A >= Duration.Zero ? sample.A : null, sample.B, quality) { At = sample.At };
    }
}
