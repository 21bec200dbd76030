using System.Net;
using Meshpulse.Agent.Hosting;
using Meshpulse.Agent.Paths;
using Meshpulse.Core.Diagnosis.Slices;
using Meshpulse.Core.Membership;
using Meshpulse.Core.Probing;
using Meshpulse.Core.Probing.Paths;
using Meshpulse.Core.Time;
using Meshpulse.Wire.Primitives;

namespace Meshpulse.Agent.Tests.Hosting;

/// <summary>From the probing thread's queues to slices.</summary>
public sealed class SliceFeedTests : IDisposable
{
    private static readonly NodeEndpoint s_self = NodeEndpoint.From(IPAddress.Parse("10.0.0.1"), 12_222);
    private static readonly NodeEndpoint s_peer = NodeEndpoint.From(IPAddress.Parse("10.0.0.5"), 12_222);
    private static readonly MonoTime s_start = new(50_000_000_000_000);

    private readonly ProbeOutbox _outbox = new(hasPaths: true);
    private readonly SliceRecorder _recorder = new("10.0.0.1", 7, node => node.AddressText, At(0));
    private readonly PathBook _paths;
    private readonly Collector _collector;

    public SliceFeedTests()
    {
        var feed = new SliceFeed(_recorder);
        var mesh = new MeshOptions { Self = s_self };
        var options = new AgentOptions { Mesh = mesh, Version = "1" };
        _paths = new PathBook(_outbox.Paths!) { Slices = feed };
        var peers = new PeerBook(_outbox, options, mesh, new RecordingListener(), Duration.FromMilliseconds(5)) { Slices = feed };
        _collector = new Collector(_outbox, peers, probes: null, () => s_start, _paths, feed);
    }

    public void Dispose() => _collector.Dispose();

    [Fact]
    public void What_the_probing_thread_tells_of_a_peer_is_in_the_next_slice()
    {
        _outbox.OnEvent(new MeshEvent(MeshEventKind.PeerJoined, default, 3, s_peer));
        _outbox.OnReceived(3, new HeartbeatArrival(null, Duration.Zero, ArrivalQuality.Stamped) { At = At(100).Mono });
        _outbox.OnReceived(3, new HeartbeatArrival(Duration.FromMilliseconds(5), Duration.Zero, ArrivalQuality.Reconstructed) { At = At(105).Mono });
        _outbox.OnSent(3, new SendSlot(default, Duration.Zero, 0, null));
        _outbox.OnUnsent(3, UnsentReason.Late, 2);
        _outbox.OnUnsent(3, UnsentReason.Backpressure, 3);
        _outbox.OnWoke(At(200).Mono, Duration.FromMilliseconds(4));
        _outbox.OnWoke(At(210).Mono, Duration.Zero);
        _outbox.OnGap(new ReceiveGap(3, At(20).Mono, default, Duration.FromMilliseconds(80), Duration.Zero, null, ArrivalQuality.Stamped, Ended: true));

        var slice = Cut(250);
        Assert.Equal(("10.0.0.1", 7UL, 1L), (slice.Node, slice.Run, slice.Number));
        Assert.Equal(Duration.FromMilliseconds(4), slice.WakeLateness);
        var peer = Assert.Single(slice.Peers);
        Assert.Equal(("10.0.0.5", true, 2L, 1L, 5L), (peer.Peer, peer.IsConnected, peer.Received, peer.Sent, peer.Unsent));
        Assert.Equal(Duration.FromMilliseconds(95), peer.Silence);
        Assert.Equal(Duration.FromMilliseconds(80), Assert.Single(peer.Gaps).Length);
        Assert.Null(peer.Path);

        _outbox.OnEvent(new MeshEvent(MeshEventKind.PeerLeft, default, 3, s_peer) { Close = CloseReason.EndOfStream });
        peer = Assert.Single(Cut(500).Peers);
        Assert.Equal((false, CloseReason.EndOfStream, 0L), (peer.IsConnected, peer.Ended, peer.Received));
    }

    [Fact]
    public void A_paths_windows_are_told_of_its_peer_as_long_as_it_is_probed()
    {
        const int Path = PathOutbox.FirstMeshPath;
        _outbox.OnEvent(new MeshEvent(MeshEventKind.PeerJoined, default, 3, s_peer));
        _collector.Collect(isLast: false);
        _paths.Add(Path, new PathLabels("10.0.0.1", "10.0.0.5", []), new PathSettings { Window = PathSettings.WindowStep, TrialInterval = Duration.FromSeconds(60) }, s_start);
        _paths.Slices!.OnPathAdded(Path, 3);
        _outbox.Paths!.OnWindow(Path, new PathMoment(At(250).Mono, default) { SilentSince = At(150).Mono });
        _outbox.Paths.OnWindow(Path + 1, new PathMoment(At(250).Mono, default));
        Assert.Equal(Duration.FromMilliseconds(100), Assert.Single(Cut(260).Peers).Path!.Silence);

        _paths.Remove(Path);
        Assert.Null(Assert.Single(Cut(500).Peers).Path);
    }

    private static ClockPairing At(int milliseconds) => new(s_start + Duration.FromMilliseconds(milliseconds), new WallTime(1_800_000_000_000_000_000 + (milliseconds * 1_000_000L)));

    private NodeSlice Cut(int milliseconds)
    {
        _collector.Collect(isLast: false);
        return _recorder.Cut(At(milliseconds));
    }
}
